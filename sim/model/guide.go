package model

// guide answers the questions that SPEC.md leaves open while a step is followed: which of equals, whether or not. A step is
// followed again with other answers until it agrees with what was seen.
type guide struct {
	answers []int
	arities []int // how many answers each question had
	at      int
}

// again makes the guide ready for another way through the same step; false when all were tried.
func (g *guide) again() bool {
	for n := len(g.answers) - 1; n >= 0; n-- {
		if g.answers[n]+1 < g.arities[n] {
			g.answers[n]++
			g.answers, g.arities, g.at = g.answers[:n+1], g.arities[:n+1], 0
			return true
		}
	}
	return false
}

// ask gives one of n answers, the first one first.
func (g *guide) ask(n int) int {
	if n <= 1 {
		return 0
	}
	if g.at == len(g.answers) {
		g.answers, g.arities = append(g.answers, 0), append(g.arities, n)
	}
	g.at++
	return g.answers[g.at-1]
}

// which is one of n answers, those first for which there is a sign in what was seen.
func (w *world) which(n int, sign func(i int) bool) int {
	order := make([]int, 0, n)
	for _, good := range []bool{true, false} {
		for i := range n {
			if sign(i) == good {
				order = append(order, i)
			}
		}
	}
	return order[w.guide.ask(n)]
}

// whether is a question of yes or no, with what was seen tried first.
func (w *world) whether(sign bool) bool {
	return w.which(2, func(i int) bool { return (i == 0) == sign }) == 0
}
