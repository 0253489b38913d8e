package bencode_test

import (
	"strings"
	"testing"

	"peerwire/core/bencode"
)

func TestEncoder(t *testing.T) {
	var e bencode.Encoder
	e.Dict()
	e.Key("")
	e.Int(-1 << 63)
	e.Key("list")
	e.List()
	e.String("text")
	e.Bytes([]byte{0})
	e.List()
	e.End()
	e.Dict()
	e.End()
	e.End()
	e.Key("value")
	e.Value(parse(t, "d1:ai1ee").Root)
	e.End()
	const want = "d0:i-9223372036854775808e4:listl4:text1:\x00ledee5:valued1:ai1eee"
	if got := string(e.Encoded()); got != want {
		t.Errorf("wrote %q", got)
	}
}

func TestEncoderOneScalar(t *testing.T) {
	var e bencode.Encoder
	e.Int(7)
	if got := string(e.Encoded()); got != "i7e" {
		t.Errorf("wrote %q", got)
	}
}

func TestAppend(t *testing.T) {
	b := bencode.AppendInt([]byte("x"), -7)
	b = bencode.AppendString(b, "text")
	b = bencode.AppendString(b, []byte{})
	if string(b) != "xi-7e4:text0:" {
		t.Errorf("appended %q", b)
	}
}

func TestEncoderMisused(t *testing.T) {
	for name, misuse := range map[string]func(e *bencode.Encoder){
		"nothing written":      func(e *bencode.Encoder) { e.Encoded() },
		"not ended":            func(e *bencode.Encoder) { e.Dict(); e.Encoded() },
		"end alone":            func(e *bencode.Encoder) { e.End() },
		"end after key":        func(e *bencode.Encoder) { e.Dict(); e.Key("a"); e.End() },
		"value without key":    func(e *bencode.Encoder) { e.Dict(); e.Int(1) },
		"list without key":     func(e *bencode.Encoder) { e.Dict(); e.List() },
		"two keys":             func(e *bencode.Encoder) { e.Dict(); e.Key("a"); e.Key("b") },
		"key in a list":        func(e *bencode.Encoder) { e.List(); e.Key("a") },
		"key alone":            func(e *bencode.Encoder) { e.Key("a") },
		"keys out of order":    func(e *bencode.Encoder) { e.Dict(); e.Key("b"); e.Int(1); e.Key("a") },
		"the same key twice":   func(e *bencode.Encoder) { e.Dict(); e.Key(""); e.Int(1); e.Key("") },
		"two values":           func(e *bencode.Encoder) { e.Int(1); e.Int(2) },
		"two dictionaries":     func(e *bencode.Encoder) { e.Dict(); e.End(); e.Dict() },
		"the value of nothing": func(e *bencode.Encoder) { e.Value(bencode.Value{}) },
		"too deep": func(e *bencode.Encoder) {
			for range bencode.MaxDepth + 1 {
				e.List()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "BUG: ") {
					t.Errorf("panic %q", text)
				}
			}()
			misuse(&bencode.Encoder{})
		})
	}
}
