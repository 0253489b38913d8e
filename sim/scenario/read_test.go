package scenario_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"peerwire/sim/scenario"
	"peerwire/sim/scenarios"
)

const whole = "[[peers]]\nname = \"seed\"\nhave = \"all\"\n"

// An error names the file, the line and the key.
func TestErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{whole + "upp = \"1 MiB/s\"\n", `x.toml:4: peers.upp: there is no such key; did you mean "peers.up"?`},
		{whole + "[[peers]]\nname = \"b\"\n\narrive-withn = \"1s\"\n", `x.toml:7: peers.arrive-withn: there is no such key; did you mean "peers.arrive-w`},
		{"[torent]\nsize = \"1 MiB\"\n" + whole, `x.toml:1: torent: there is no such key`},
		{whole + "up = \"1 MB\"\n", `x.toml:4: peers.up: a rate is a whole number with its unit`},
		{whole + "up = \"1 MiB/h\"\n", `x.toml:4: peers.up: a rate is`},
		{whole + "up = \"1 mib/s\"\n", `x.toml:4: peers.up: "mib" is none of the units B, KiB`},
		{whole + "arrive = \"1.5s\"\n", `x.toml:4: peers.arrive: `},
		{whole + "arrive = \"5 parsecs\"\n", `x.toml:4: peers.arrive: "parsecs" is none of the units ns, us`},
		{whole + "count = 0.5\n", `x.toml:4: peers.count: `},
		{whole + "count = 2000000\n", `x.toml:4: peers.count: a group has 1 to 1000000 peers`},
		{whole + "[[peers]]\nname = \"b\"\nhave = \"some\"\n", `x.toml:6: peers.have: it is "none", "all", or`},
		{whole + "[[peers]]\nname = \"b\"\nseed-for = \"1s\"\n", `x.toml:6: peers.seed-for: it needs stays = "complete"`},
		{whole + "[[peers]]\ncount = 2\n", `x.toml:4: peers.name: a group has a name`},
		{whole + "arrive-at = [\"1s\", \"2s\"]\ncount = 3\n", `x.toml:4: peers.arrive-at: there are 2 times for 3 peers`},
		{"[torrent]\npiece = \"1 GiB\"\n" + whole, `x.toml:2: torrent.piece: a piece has 1 to 536870912 bytes`},
		{"[tracker]\ninterval = \"1s\"\n" + whole, `x.toml:2: tracker.interval: it is less than min-interval`},
		{whole + "[[faults]]\nname = \"los\"\n", `x.toml:5: faults.name: there is no fault of this name`},
		{whole + "[[faults]]\nname = \"loss\"\n[[faults]]\npeers = \"seed\"\n", `x.toml:6: faults.name: a fault has a name`},
		{whole + "[[faults]]\nname = \"loss\"\npeers = \"sed\"\n", `x.toml:6: faults.peers: there is no group "sed"`},
		{whole + "[[faults]]\nname = \"loss\"\nevery = \"1s\"\n", `x.toml:6: faults.every: loss has no use for it`},
		{whole + "[[faults]]\nname = \"loss\"\nchance = 1000001\n", `x.toml:6: faults.chance: it is 0 to 1000000 of a million`},
		{whole + "[[faults]]\nname = \"loss\"\nfrom = \"5s\"\nuntil = \"5s\"\n", `x.toml:7: faults.until: it is over before it begins`},
		{whole + "[[faults]]\nname = \"loss\"\nshar = 5\n", `x.toml:6: faults.shar: there is no such key; did you mean "faults.share"?`},
		{"[heal]\nat = \"23h\"\nwithin = \"61m\"\n" + whole, `x.toml:3: heal.within: it ends after the run does`},
		{"[heal]\nwithin = \"61m\"\n" + whole, `x.toml:1: heal.at: it needs a time`},
		{"seed = -1\n" + whole, `x.toml:1: seed: a seed is a whole number from 0 to 18446744073709551615`},
		{"seed = \"18446744073709551616\"\n" + whole, `x.toml:1: seed: a seed is`},
		{"seed = 18446744073709551615\n" + whole, `x.toml:1: seed: so much there is not`},
		{"until = \"\"\n" + whole, `x.toml:1: until: a time is a whole number with its unit`},
		{"until = \"1001d\"\n" + whole, `x.toml:1: until: a time is at most 1000d`},
		{"until = \"999d9223372036854775807ns\"\n" + whole, `x.toml:1: until: a time is at most 1000d`},
		{"about = 3\n" + whole, `x.toml:1: about: it is a text in quotes`},
		{"torrent = 3\n" + whole, `x.toml:1: torrent: it is a table: begin it with [torrent]`},
		{"peers = 3\n", `x.toml:1: peers: it is a list of tables: begin each with [[peers]]`},
		{"[torrent]\nsize = \"2 TiB\"\n" + whole, `x.toml:2: torrent.size: a torrent has 1 byte to 1 TiB`},
		{"[torrent]\nname = \"a\\u0007b\"\n" + whole, `x.toml:2: torrent.name: it is one printable word`},
		{"[tracker]\nmin-interval = \"1ns\"\n" + whole, `x.toml:2: tracker.min-interval: it is 1ms at least`},
		{whole + "up = \"0 B/s\"\n", `x.toml:4: peers.up: a rate is more than nothing; without a limit it is "unlimited"`},
		{whole + "up = \"2 TiB/s\"\n", `x.toml:4: peers.up: a rate is at most 1 TiB/s`},
		{whole + "count = 0\n", `x.toml:4: peers.count: a group has 1 to 1000000 peers`},
		{whole + "count = 600000\n[[peers]]\nname = \"b\"\ncount = 600000\n", `x.toml:7: peers.count: there are at most 1000000 peers in all`},
		{whole + "connections = 0\n", `x.toml:4: peers.connections: a peer has 1 to 10000`},
		{whole + "half-open = 0\n", `x.toml:4: peers.half-open: a peer dials 1 to 10000`},
		{whole + "stays = \"\"\n", `x.toml:4: peers.stays: it is none of`},
		{"[[peers]]\nname = \"\\u001b[31m\"\n", `x.toml:2: peers.name: a group has a name, printable`},
		{"[[peers]]\nname = \"" + strings.Repeat("n", 101) + "\"\n", `x.toml:2: peers.name: a group has a name`},
		{whole + "[[peers]]\nname = \"seed\"\n", `x.toml:5: peers.name: another group is called so`},
		{whole + "[[peers]]\nname = \"b1\"\ncount = 3\n[[peers]]\nname = \"b\"\ncount = 11\n",
			`x.toml:5: peers.name: a peer of the group "b" is called b11, too`},
		{whole + "[[peers]]\nname = \"b2\"\n[[peers]]\nname = \"b\"\ncount = 2\n", `x.toml:5: peers.name: a peer of the group "b" is called b2, too`},
		{whole + "[[faults]]\nname = \"loss\"\nshare = 0\n", `x.toml:6: faults.share: it is a number of percent, 1 to 100`},
		{whole + "[[faults]]\nname = \"loss\"\nchance = 0\n", `x.toml:6: faults.chance: it is more than nothing; left out`},
		{whole + "[[faults]]\nname = \"crash\"\nevery = \"1ns\"\n", `x.toml:6: faults.every: it is 1ms at least`},
		{strings.Repeat("#", scenario.MaxFile+1), `x.toml: a scenario has at most 4194304 bytes`},
		{strings.Repeat("[[peers]]\nname = \"a\"\n", scenario.MaxGroups+1), `x.toml: there are at most 1000 groups`},
		{whole + "a = " + strings.Repeat("[", 1_000_000), `x.toml:4: lists, tables or the parts of a key lie too deep`},
		{whole + "a = " + strings.Repeat("{a=", 500_000), `x.toml:4: lists, tables`},
		{whole + strings.Repeat("a.", 500_000) + "a = 1", `x.toml:4: lists, tables`},
		{"about = 'x' # [[[[[[[[[[[[[[[[[[[[[\n[line]\nabou = \"\\\"[[[[[[[[[[[[[[[[[[[[[[[[\"", `x.toml:3: line.abou: there is no such key`},
		{"seed = 1\n", `x.toml: peers: there are no peers: begin a group with [[peers]]`},
		{"seed = = 1\n", `x.toml:1: `},
		{"seed = 1\nseed = 2\n", `x.toml:2: `},
	} {
		_, err := scenario.Read("x.toml", []byte(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q\ngives %v\nwant %s", test.text, err, test.want)
		}
	}
}

// What the documentation says is what can be read: each key, with a value of the kind that it names.
func TestFields(t *testing.T) {
	values := map[string]string{
		"text": `"x"`, "number": "1", "time": `"1s"`, "size": `"1 KiB"`, "rate": `"1 KiB/s"`, "bool": "true", "times": `["1s"]`,
	}
	for _, f := range scenario.Fields() {
		if f.Kind == "group" || f.Kind == "fault" {
			continue
		}
		line := fmt.Sprintf("%s = %s\n", f.Key, values[f.Kind])
		if table, key, ok := strings.Cut(f.Key, "."); ok && (table == "peers" || table == "faults") {
			line = fmt.Sprintf("[[%s]]\n%s = %s\n", table, key, values[f.Kind])
		}
		_, err := scenario.Read("x.toml", []byte(line))
		if err != nil && (strings.Contains(err.Error(), "no such key") || strings.Contains(err.Error(), "incompatible")) {
			t.Errorf("%s: %v", f.Key, err)
		}
	}
}

// Quantities are whole numbers with units.
func TestQuantities(t *testing.T) {
	text := "until = \"1h 30m\"\n[torrent]\nsize = \"3 MB\"\n[line]\nlatency = \"1ms500us\"\n" + whole + "up = \"800 kbit/s\"\ndown = \"unlimited\"\n"
	s, err := scenario.Read("dir/name.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "name" || time.Duration(s.Until) != 90*time.Minute || s.Torrent.Size != 3_000_000 || time.Duration(s.Line.Latency) != 1500*time.Microsecond ||
		s.Groups[0].Up != 100_000 || s.Groups[0].Down != 0 || s.Groups[0].Share != 100 || s.Groups[0].Connections != 50 {
		t.Errorf("%+v", s)
	}
}

// Every scenario that ships can be read, and says what it is about.
func TestShipped(t *testing.T) {
	if n := len(scenarios.Names()); n < 12 {
		t.Errorf("%d scenarios ship", n)
	}
	for _, name := range scenarios.Names() {
		text, _ := scenarios.Text(name)
		s, err := scenario.Read(name+".toml", text)
		if err != nil || s.About == "" || s.Name != name {
			t.Errorf("%s: %v %+v", name, err, s)
		}
	}
}

// No text makes the reader panic.
func FuzzRead(f *testing.F) {
	for _, name := range scenarios.Names() {
		text, _ := scenarios.Text(name)
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := scenario.Read("x.toml", []byte(text))
		if (s == nil) == (err == nil) {
			t.Fatalf("%v %v", s, err)
		}
	})
}
