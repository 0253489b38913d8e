package kept_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peerwire/sim/campaign"
	"peerwire/sim/kept"
	"peerwire/sim/scenario"
)

// folder is where the failures are that are played again: those that were mended, or with -kept those that a campaign has kept.
var folder = flag.String("kept", "testdata", "the folder of failures that are played again")

// What has failed once and was mended does not fail again: every scenario runs under all checkers, and every transcript is played under those that look
// at one core. With -kept they are others, and fail as long as they are not mended.
func TestKept(t *testing.T) {
	files, err := os.ReadDir(*folder)
	if err != nil {
		t.Fatal(err)
	}
	played := 0
	for _, f := range files {
		path := filepath.Join(*folder, f.Name())
		t.Run(f.Name(), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			switch filepath.Ext(path) {
			case ".toml":
				s, err := scenario.Read(f.Name(), text)
				if err != nil {
					t.Fatal(err)
				}
				judge(t, campaign.Run(s, campaign.Options{}))
			case ".txt":
				judge(t, kept.Play(string(text)))
			default:
				t.Error("it is neither a scenario nor a transcript")
			}
			if kept.Checker(string(text)) == "" {
				t.Error("it does not say for which checker it is kept")
			}
		})
		played++
	}
	if played == 0 {
		t.Errorf("there is nothing in %s", *folder)
	}
}

func judge(t *testing.T, v campaign.Verdict) {
	t.Helper()
	if v.Failed() {
		t.Errorf("%s: %s\n%s", v.Checker, v.Text, v.Stack)
	}
}

// slander is a transcript in which a peer is called innocent that sends a block that is wrong.
const slander = `# checker: innocents

scene
lenient
torrent T pieces=1
raw X innocent
raw Y
node A
connect X->A
connect Y->A
X says handshake / have-all / unchoke
Y says handshake / have-none / interested
----
ok

run for=1s
----

X answers 0 @0 bad
----

X says have 0
----
`

// A transcript fails with the checker that it is made for, and goes no further; what nobody asked for is passed over.
func TestPlay(t *testing.T) {
	if v := kept.Play(slander); v.Checker != "innocents" || v.Node != "A" || !strings.Contains(v.Text, "it bans") {
		t.Errorf("%+v", v)
	}
	for _, line := range []string{"X answers 0 @0", "X answers 0 @0 from=100", "A answers verify 0", "A answers store 0 @0", "A writes X", "X accepts"} {
		for _, lenient := range []string{"", "lenient\n----\n\n"} {
			v := kept.Play(lenient + "torrent T pieces=1\n----\n\nraw X waits\n----\n\nnode A\n----\n\n" + line + "\n----\n")
			if want := map[bool]string{true: "", false: kept.Script}[lenient != ""]; v.Checker != want {
				t.Errorf("%s: %+v, should be %q", line, v, want)
			}
		}
	}
	if v := kept.Play("node A\n----\n"); v.Checker != kept.Script {
		t.Errorf("%+v", v)
	}
}
