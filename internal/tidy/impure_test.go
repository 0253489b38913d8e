package tidy

import "testing"

// puritySamples are judged as core/x with types, so that names do not deceive:
// a method called Now is fine, a renamed import of time is not.
var puritySamples = []sample{
	{"duration", "", "import \"time\"\n\nconst d = 2 * time.Second\n\nvar s = d.String()\n", ""},
	{"own Now", "", "type c struct{}\n\nfunc (c) Now() int { return 0 }\n\nvar n = c{}.Now()\n", ""},
	{"now", "", "import \"time\"\n\nvar t = time.Now()\n", "not a clock"},
	{"now, renamed", "", "import clock \"time\"\n\nvar t = clock.Now()\n", "not a clock"},
	{"now as a value", "", "import \"time\"\n\nvar f = time.Now\n", "not a clock"},
	{"since", "", "import \"time\"\n\nfunc f(t time.Time) time.Duration { return time.Since(t) }\n", "not a clock"},
	{"sleep", "", "import \"time\"\n\nfunc f() { time.Sleep(1) }\n", "not a clock"},
	{"timer", "", "import \"time\"\n\nvar t = time.NewTimer(1)\n", "not a clock"},
	{"after", "", "import \"time\"\n\nvar t = time.After(1)\n", "channel"},
	{"seeded", "", "import \"math/rand/v2\"\n\nvar r = rand.New(rand.NewPCG(1, 2))\n\nvar n = r.IntN(3)\n", ""},
	{"ambient randomness", "", "import \"math/rand/v2\"\n\nvar n = rand.IntN(3)\n", "seed"},
	{"ambient, dotted", "", "import . \"math/rand/v2\"\n\nvar n = IntN(3)\n", "seed"},
	{"seeded float", "", "import \"math/rand/v2\"\n\nfunc f(r *rand.Rand) bool { return r.Float64() < 1 }\n", "floating point"},
	{"go", "", "func f() { go f() }\n", "go statement"},
	{"channel type", "", "type c chan int\n", "channel"},
	{"channel value", "", "var c = make(chan int)\n", "channel"},
	{"channel in a field", "", "type s struct{ c chan int }\n", "channel"},
	{"receive", "", "import \"context\"\n\nfunc f(c context.Context) { <-c.Done() }\n", "channel"},
	{"background", "", "import \"context\"\n\nvar c = context.Background()\n", ""},
	{"timeout", "", "import \"context\"\n\nvar f = context.WithTimeout\n", "only context.Background"},
	{"select", "", "func f() { select {} }\n", "select"},
	{"float variable", "", "var x float64\n", "floating point"},
	{"float literal", "", "const n int = 1e9\n", "floating-point literal"},
	{"float field", "", "type s struct{ x float32 }\n", "floating point"},
	{"hidden float", "", "import \"time\"\n\nvar late = time.Second.Seconds() > 3\n", "floating point"},
	{"untyped float", "", "import \"math\"\n\nvar n = int(math.Pi * 0)\n", "floating point"},
	{"float constraint", "", "type f interface{ ~float64 }\n\nfunc g[T ~int | ~float64](x T) T { return x }\n", "floating point"},
	{"integer limit", "", "import \"math\"\n\nconst n = math.MaxInt64\n", ""},
	{"range over a map", "", "func f(m map[int]int) {\n\tfor range m {\n\t}\n}\n", "range over a map"},
	{"range over a named map", "", "type t map[int]int\n\nfunc f(m t) {\n\tfor range m {\n\t}\n}\n", "range over a map"},
	{"range over a generic map", "", "func f[M ~map[int]int](m M) {\n\tfor range m {\n\t}\n}\n", "range over a map"},
	{"range over a slice", "", "func f(m []int) {\n\tfor range m {\n\t}\n}\n", ""},
	{"map by key", "", "func f(m map[int]int) int { return m[1] }\n", ""},
	{"keys of a map", "", "import \"maps\"\n\nfunc f(m map[int]int) {\n\tfor range maps.Keys(m) {\n\t}\n}\n", "order of a map"},
	{"pull", "", "import \"iter\"\n\nfunc f(s iter.Seq[int]) { iter.Pull(s) }\n", "coroutine"},
	{"package variable", "", "var n = make([]int, 1)\n\nfunc f() int { return n[0] }\n", ""},
	{"package variable set", "", "var n int\n\nfunc f() { n = 1 }\n", "package-level variable n"},
	{"package variable counted", "", "var n int\n\nfunc f() { n++ }\n", "package-level variable n"},
	{"package variable's element", "", "var n = map[int]int{}\n\nfunc f() { n[1] = 1 }\n", "package-level variable n"},
	{"package variable's field", "", "var n struct{ a []int }\n\nfunc f() { (*(&n)).a, n.a[0] = nil, 1 }\n", "package-level variable n"},
	{"local of the same name", "", "var n int\n\nfunc f() { n := 0; n = 1; _ = n }\n", ""},
	{"mutex", "", "import \"sync\"\n\nvar m sync.Mutex\n", "no place here"},
	{"print", "", "import \"fmt\"\n\nfunc f() { fmt.Println() }\n", "own streams"},
	{"format", "", "import \"fmt\"\n\nvar s = fmt.Sprint(1)\n", ""},
	{"does not compile", "", "var x int = \"\"\n", "does not type-check"},
}

func TestPurityBites(t *testing.T) {
	all, err := listPackages()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range puritySamples {
		t.Run(s.name, func(t *testing.T) {
			src := map[string][]byte{"core/x/a.go": []byte("package x\n\n" + s.src)}
			bad := checkPurity(all, "core/x", src)
			if s.want == "" {
				expect(t, bad, "")
				return
			}
			expectAny(t, bad, s.want)
		})
	}
}

// A file that only another system compiles would escape the type-checker.
func TestPurityBitesBuildConstraints(t *testing.T) {
	expect(t, checkPackagePurity(nil, listed{ImportPath: "peerwire/core/x", IgnoredGoFiles: []string{"a_windows.go"}}), "build constraints")
}
