package bencode_test

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bencode"
)

// tree is a value as a naive program would hold it: int64, string, []tree or []pair.
type tree any

// pair is one entry of a dictionary.
type pair struct {
	key  string
	item tree
}

// drawTree draws a value with sorted keys, at most depth containers deep.
func drawTree(t *rapid.T, depth int) tree {
	kind := rapid.IntRange(0, 3).Draw(t, "kind")
	if depth == 0 {
		kind %= 2
	}
	switch kind {
	case 0:
		return rapid.Int64().Draw(t, "integer")
	case 1:
		return rapid.StringN(0, 20, -1).Draw(t, "string")
	case 2:
		list := []tree{}
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			list = append(list, drawTree(t, depth-1))
		}
		return list
	}
	keys := rapid.SliceOfNDistinct(rapid.StringN(0, 3, -1), 0, 5, rapid.ID).Draw(t, "keys")
	slices.Sort(keys)
	dict := []pair{}
	for _, key := range keys {
		dict = append(dict, pair{key, drawTree(t, depth-1)})
	}
	return dict
}

// write encodes a tree through the Encoder.
func write(e *bencode.Encoder, v tree) {
	switch v := v.(type) {
	case int64:
		e.Int(v)
	case string:
		e.String(v)
	case []tree:
		e.List()
		for _, item := range v {
			write(e, item)
		}
		e.End()
	case []pair:
		e.Dict()
		for _, entry := range v {
			e.Key(entry.key)
			write(e, entry.item)
		}
		e.End()
	}
}

// read turns a value into a tree, through its accessors alone.
func read(v bencode.Value) tree {
	switch v.Kind() {
	case bencode.Integer:
		n, _ := v.Int()
		return n
	case bencode.String:
		b, _ := v.Bytes()
		return string(b)
	case bencode.List:
		list := []tree{}
		for item := range v.Items {
			list = append(list, read(item))
		}
		return list
	case bencode.Dict:
		dict := []pair{}
		for key, item := range v.Entries {
			dict = append(dict, pair{string(key), read(item)})
		}
		return dict
	}
	panic("a value of no kind")
}

// equal compares two trees.
func equal(a, b tree) bool {
	switch a := a.(type) {
	case []tree:
		b, ok := b.([]tree)
		return ok && slices.EqualFunc(a, b, equal)
	case []pair:
		b, ok := b.([]pair)
		return ok && slices.EqualFunc(a, b, func(x, y pair) bool { return x.key == y.key && equal(x.item, y.item) })
	}
	return a == b
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawTree(t, 5)
		tail := rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "tail")
		var e bencode.Encoder
		write(&e, want)
		input := slices.Concat(e.Encoded(), tail)
		doc, err := bencode.Parse(input, bencode.Limits{Strict: true})
		if err != nil {
			t.Fatalf("%q: %v", input, err)
		}
		if !equal(read(doc.Root), want) || !bytes.Equal(doc.Rest, tail) {
			t.Fatalf("%q read as %v", input, read(doc.Root))
		}
	})
}

// Every proper prefix of a value lacks something, and says so: nothing is accepted by half.
func TestEveryPrefixIsTruncated(t *testing.T) {
	for size := range len(handshake) {
		_, err := bencode.Parse([]byte(handshake[:size]), bencode.Limits{})
		if e, ok := err.(*bencode.Error); !ok || e.Fault != bencode.Truncated {
			t.Errorf("the first %d bytes: %v", size, err)
		}
	}
}

// memory is the most that Parse may allocate for n bytes of input: the bound that the package promises.
func memory(n int) uint64 { return 2*uint64(n) + 1024 }

func TestMemoryIsBounded(t *testing.T) {
	disorder := "d" + strings.Repeat("1:b0:", 300_000) + "1:a0:" + strings.Repeat("0:0:", 300_000) + "e"
	for name, input := range map[string]string{
		"lists":                          strings.Repeat("l", 100) + strings.Repeat("le", 500_000) + strings.Repeat("e", 100),
		"open lists":                     strings.Repeat("l", 10_000_000),
		"integers":                       "l" + strings.Repeat("i0e", 1_000_000) + "e",
		"sorted keys":                    "d" + strings.Repeat("0:0:", 500_000) + "e",
		"disorder":                       disorder,
		"disordered inside, then broken": "l" + disorder + "x",
		"long integer":                   "i" + strings.Repeat("9", 1_000_000) + "e",
		"long string":                    "1000000:" + strings.Repeat("x", 1_000_000),
		"handshake":                      handshake,
	} {
		t.Run(name, func(t *testing.T) {
			data := []byte(input)
			if used := allocated(func() { bencode.Parse(data, bencode.Limits{}) }); used > memory(len(data)) {
				t.Errorf("%d bytes of input took %d bytes of memory", len(data), used)
			}
		})
	}
}

// The bound holds for any soup of tokens, too, whether or not it is accepted.
func TestMemoryIsBoundedForSoup(t *testing.T) {
	token := rapid.SampledFrom([]string{"d", "d", "l", "e", "e", "0:", "1:a", "1:b", "2:ab", "i1e", "i-", "9", "99999999999:", "d1:b0:1:a0:e", "x"})
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.SliceOfN(token, 0, 20).Draw(t, "tokens")
		times := rapid.IntRange(1, 200).Draw(t, "times")
		data := []byte(strings.Repeat(strings.Join(tokens, ""), times))
		if used := allocated(func() { bencode.Parse(data, bencode.Limits{}) }); used > memory(len(data)) {
			t.Fatalf("%d bytes of input took %d bytes of memory", len(data), used)
		}
	})
}

// allocated returns how many bytes f took from the heap, whether or not it gave them back.
func allocated(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestReadingAllocatesNothing(t *testing.T) {
	data := []byte(handshake)
	sum := int64(0)
	if n := testing.AllocsPerRun(100, func() {
		doc, err := bencode.Parse(data, bencode.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for key, id := range doc.Root.Get("m").Entries {
			n, _ := id.Int()
			sum += n + int64(len(key))
		}
		v, _ := doc.Root.Get("v").Bytes()
		sum += int64(len(v))
	}); n != 0 {
		t.Errorf("%v allocations, the sum is %d", n, sum)
	}
}
