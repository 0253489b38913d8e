package kept

import (
	"fmt"
	"strings"

	"peerwire/sim/campaign"
	"peerwire/sim/scenario"
)

// Name is what the files of a failure are called, without what they end in: after its scenario, its seed and its checker.
func Name(s *scenario.Scenario, seed uint64, checker string) string {
	return fmt.Sprintf("%s-%d-%s", slug(s.Name), seed, slug(checker))
}

// maxSlug is how long a part of a file's name may be.
const maxSlug = 40

// slug is a text that can be part of a file's name everywhere.
func slug(text string) string {
	words := strings.FieldsFunc(text, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
	})
	text = strings.Join(words, "-")
	return strings.TrimSuffix(text[:min(len(text), maxSlug)], "-")
}

// Scenario is the file of a scenario that fails: what fails, what it was made of, the commands that show it again if there are any, and why there is no
// transcript when there is none.
func Scenario(s *scenario.Scenario, v campaign.Verdict, from string, commands []string, without error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n", forChecker, v.Checker)
	for line := range strings.Lines(strings.TrimSpace(v.Text + "\n" + v.Stack)) {
		fmt.Fprintf(&b, "# %s\n", strings.TrimRight(line, "\n"))
	}
	fmt.Fprintf(&b, "#\n# It was %s.", from)
	if without != nil {
		fmt.Fprintf(&b, " There is no transcript: %v.", without)
	}
	if len(commands) > 0 {
		b.WriteString(" To see it again:\n#\n")
	}
	for _, c := range commands {
		fmt.Fprintf(&b, "#	%s\n", c)
	}
	b.WriteString("\n")
	same := *s
	if !strings.ContainsAny(s.Called(), " \t\r\n") {
		same.Torrent.Name = s.Called() // whatever the file is called, it is the same torrent
	}
	b.Write(scenario.Write(&same))
	return b.String()
}
