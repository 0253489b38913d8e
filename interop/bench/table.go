package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// yardstick is the client that the ratios are relative to.
const yardstick = "libtorrent"

// printDownloads prints the medians of the downloads as a Markdown table.
func (b *bench) printDownloads(results map[string][]download, bits int) {
	fmt.Printf("\n### Download from a libtorrent seed, %d MiB pieces\n\n", 1<<bits>>20)
	fmt.Printf("| leecher | spawn to done, s (min to max) | to %s | first block to done, s | MiB/s "+
		"| CPU s a GiB (user + sys) | to %s | peak RSS, MiB | of it its own, MiB | other load |\n", yardstick, yardstick)
	fmt.Println("|" + strings.Repeat(" --- |", 10))
	gib := float64(b.size) / (1 << 30)
	wall := func(d download) time.Duration { return d.wall }
	cpu := func(d download) time.Duration { return d.user + d.sys }
	for _, name := range b.clients {
		runs := results[name]
		walls := sorted(runs, wall)
		transfer := median(runs, func(d download) time.Duration { return d.transfer })
		fmt.Printf("| %s | %.2f (%.2f to %.2f) | %s | %.2f | %.0f | %.2f (%.2f + %.2f) | %s | %d | %d | %.2f |\n",
			name, median(runs, wall).Seconds(), walls[0].Seconds(), walls[len(walls)-1].Seconds(), ratio(results, name, wall),
			transfer.Seconds(), float64(b.size>>20)/transfer.Seconds(), median(runs, cpu).Seconds()/gib,
			median(runs, func(d download) time.Duration { return d.user }).Seconds()/gib,
			median(runs, func(d download) time.Duration { return d.sys }).Seconds()/gib, ratio(results, name, cpu),
			median(runs, func(d download) int64 { return d.peak })>>20,
			median(runs, func(d download) int64 { return d.anon })>>20,
			median(runs, func(d download) float64 { return d.foreign }))
	}
}

// printServings prints the medians of the seeding runs as a Markdown table.
func (b *bench) printServings(results map[string][]serving, bits int) {
	fmt.Printf("\n### Seed to %d leechers, %d MiB pieces, %d MiB served\n\n", leechers, 1<<bits>>20, b.served>>20)
	fmt.Printf("| seed | CPU s a GiB (min to max) | to %s | MiB/s | user + sys, s "+
		"| peak RSS, MiB | of it its own, MiB | leechers served | other load |\n", yardstick)
	fmt.Println("|" + strings.Repeat(" --- |", 9))
	for _, name := range b.clients {
		runs := results[name]
		costs := sorted(runs, serving.perGiB)
		fmt.Printf("| %s | %.2f (%.2f to %.2f) | %s | %.0f | %.2f + %.2f | %d | %d | %d | %.2f |\n",
			name, median(runs, serving.perGiB), costs[0], costs[len(costs)-1], ratio(results, name, serving.perGiB),
			median(runs, func(s serving) float64 { return float64(s.served>>20) / s.wall.Seconds() }),
			median(runs, func(s serving) time.Duration { return s.user }).Seconds(),
			median(runs, func(s serving) time.Duration { return s.sys }).Seconds(),
			median(runs, func(s serving) int64 { return s.peak })>>20,
			median(runs, func(s serving) int64 { return s.anon })>>20,
			median(runs, func(s serving) int { return s.reached }), median(runs, func(s serving) float64 { return s.foreign }))
	}
}

func sorted[R any, V cmp.Ordered](runs []R, of func(R) V) []V {
	values := make([]V, 0, len(runs))
	for _, r := range runs {
		values = append(values, of(r))
	}
	slices.Sort(values)
	return values
}

// median is the middle value, the lower one of two.
func median[R any, V cmp.Ordered](runs []R, of func(R) V) V {
	values := sorted(runs, of)
	return values[(len(values)-1)/2]
}

// ratio compares a client's median with the yardstick's.
func ratio[R any, V time.Duration | float64](results map[string][]R, name string, of func(R) V) string {
	if len(results[yardstick]) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(median(results[name], of))/float64(median(results[yardstick], of)))
}
