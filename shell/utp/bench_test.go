package utp

import (
	"errors"
	"testing"
)

// BenchmarkStream sends bytes over one connection on loopback.
func BenchmarkStream(b *testing.B) {
	for _, e := range []Engine{Anacrolix, Own} {
		b.Run(e.String(), func(b *testing.B) { benchmarkStream(b, Options{Engine: e}) })
	}
}

func benchmarkStream(b *testing.B, opt Options) {
	from, to := newStation(b, "127.0.0.1", opt), newStation(b, "127.0.0.1", opt)
	near, far := from.dial(to)
	const size = 1 << 20
	far.Allow(1 << 30)
	b.SetBytes(size)
	b.ReportAllocs()
	b.ResetTimer()
	done := make(chan struct{})
	go func() {
		defer close(done)
		room := make([]byte, 256<<10)
		for left := b.N * size; left > 0; {
			to.await("bytes", far.Readable)
			n, err := far.Read([][]byte{room})
			if err != nil && !errors.Is(err, ErrWait) {
				b.Error(err)
				return
			}
			left -= n
		}
	}()
	text := string(make([]byte, size))
	for range b.N {
		from.say(near, text)
	}
	<-done
	b.StopTimer()
	near.Close()
	far.Close()
}
