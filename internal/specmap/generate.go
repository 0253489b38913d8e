package specmap

import (
	"fmt"
	"go/format"
	"strings"
	"unicode"
)

// Generated is the Go source that core/clause needs from the clauses: the names of the
// files, relative to its folder, and their contents, gofmt'ed.
func Generated(clauses []Clause) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, src := range map[string]string{"ids_gen.go": idSource(clauses), "violations_gen.go": violationSource(clauses)} {
		formatted, err := format.Source([]byte(src))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = formatted
	}
	return files, nil
}

const generatedHead = "// Code generated from SPEC.md by internal/specmap/gen. DO NOT EDIT.\n\npackage clause\n\n"

// idSource declares an ID for each clause, and the table behind their methods.
func idSource(clauses []Clause) string {
	var b strings.Builder
	b.WriteString(generatedHead + "// The clauses of SPEC.md, in its order.\nconst (\n_ ID = iota\n")
	for i, c := range clauses {
		if i > 0 && c.Group != clauses[i-1].Group {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s // %s\n", c.Const(), gist(c.Text))
	}
	b.WriteString(")\n\nvar clauses = [...]row{\n{},\n")
	for _, c := range clauses {
		fmt.Fprintf(&b, "%s: {%q, %s, %s},\n", c.Const(), c.ID(), title(c.Strength), party(c.Binds))
	}
	b.WriteString("}\n")
	return b.String()
}

// violationSource declares a Violation for each clause that binds the peer, and their table.
func violationSource(clauses []Clause) string {
	var consts, table strings.Builder
	for _, c := range clauses {
		if c.Violation == "" {
			continue
		}
		fmt.Fprintf(&consts, "%s // %s: %s\n", c.ViolationConst(), c.ID(), c.Consequence)
		fmt.Fprintf(&table, "%s: {%q, %s, %s},\n", c.ViolationConst(), c.Violation, c.Const(), title(c.Consequence))
	}
	return generatedHead + "// The violations, each with the clause it breaks and what it costs.\nconst (\n_ Violation = iota\n" + consts.String() +
		")\n\nvar violations = [...]breach{\n{},\n" + table.String() + "}\n"
}

// gist is the beginning of a clause's text, short enough for the end of a line.
func gist(text string) string {
	const limit = 96
	if len(text) <= limit {
		return text
	}
	cut := strings.LastIndexByte(text[:limit], ' ')
	return text[:cut] + " ..."
}

// title is a word with only its first letter capital.
func title(word string) string {
	lower := strings.ToLower(word)
	return string(unicode.ToUpper(rune(lower[0]))) + lower[1:]
}

// party is the constant of core/clause for whom a clause binds.
func party(binds string) string {
	if binds == "peer" {
		return "Peer"
	}
	return "Us"
}
