package main

import "fmt"

// printCarried prints the medians of one path as a Markdown table.
func (b *bench) printCarried(p *path, results map[string][]carried) {
	fmt.Printf("\n### uTP, %s, %d MiB or %.0f s\n\n", p.name, b.size>>20, p.limit.Seconds())
	fmt.Println("| from and to | MiB/s (min to max) | CPU s a GiB, both ends | came in time | datagrams that found a full buffer | other load |")
	fmt.Println("| --- | --- | --- | --- | --- | --- |")
	for _, who := range b.chosenPairs() {
		runs := results[who.name]
		rates := sorted(runs, carried.rate)
		whole := 0
		for _, c := range runs {
			if c.whole {
				whole++
			}
		}
		fmt.Printf("| %s | %.1f (%.1f to %.1f) | %.1f | %d of %d | %d | %.2f |\n",
			who.name, median(runs, carried.rate), rates[0], rates[len(rates)-1], median(runs, carried.perGiB), whole, len(runs),
			median(runs, func(c carried) int64 { return c.overrun }), median(runs, func(c carried) float64 { return c.foreign }))
	}
}
