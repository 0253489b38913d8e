package kept

import (
	"fmt"
	"slices"
	"strings"
)

// shortener leaves out of a transcript all that it need not say, the failed checker staying the same.
type shortener struct {
	checker string
	lines   []string
	enough  func() bool // tells whether there is no more time; nil when there is always
}

func (k *shortener) over() bool { return k.enough != nil && k.enough() }

// fails tells whether lines fail as they should, as far as there is time to find out.
func (k *shortener) fails(lines []string) bool {
	p := newPlayer(k.checker, nil)
	for _, line := range lines {
		if k.over() {
			break
		}
		p.do(line, "")
		if p.verdict.Failed() {
			return p.verdict.Checker == k.checker
		}
	}
	return false
}

// try takes lines over when they fail as they should.
func (k *shortener) try(lines []string) bool {
	if k.over() || len(lines) == 0 || !k.fails(lines) {
		return false
	}
	k.lines = lines
	return true
}

// shorten leaves out what can be: first what is told word by word of a peer or of the disk and might be left to the world, then the end, then lines, many
// at once and then fewer, then parts of what peers say, and at last what a line need not say. The first few lines set up what there is.
func (k *shortener) shorten(setup int) {
	for i := 0; i < min(setup, len(k.lines)); i++ {
		k.leave(k.lines[i])
	}
	k.leaveEarly()
	for n := len(k.lines) / 2; n > 0; n /= 2 {
		for k.fewer(n) && n == 1 {
		}
	}
	for k.quieter() || k.fewer(1) {
	}
	k.apart()
	k.repeats()
	for k.plainer() && k.fewer(1) {
	}
}

// long is how many lines are so many that another end is tried.
const long = 25

// leaveEarly lets a peer of a long transcript go early instead of all that follows: often a core does not mind why a connection ends.
func (k *shortener) leaveEarly() {
	for cut := 1; len(k.lines) > long && cut < len(k.lines) && !k.over(); cut += 1 + cut/4 {
		var names []string
		for _, line := range k.lines {
			if words := strings.Fields(line); words[0] == "raw" {
				names = append(names, words[1])
			}
		}
		for _, name := range names {
			if k.try(append(slices.Clone(k.lines[:cut]), name+" closes")) {
				return
			}
		}
	}
}

// apart lets messages come each by itself that came in one piece.
func (k *shortener) apart() {
	for i, line := range k.lines {
		apart := slices.Clone(k.lines)
		if apart[i] = strings.Replace(line, " says "+atOnce, " says ", 1); apart[i] != line {
			k.try(apart)
		}
	}
}

// repeats says in one line what a peer says several times, one after another.
func (k *shortener) repeats() {
	for i := 0; i < len(k.lines); i++ {
		who, what, ok := strings.Cut(k.lines[i], " says ")
		n := 1
		for i+n < len(k.lines) && k.lines[i+n] == k.lines[i] {
			n++
		}
		if ok && n > 1 {
			once := fmt.Sprintf("%s says times=%d %s", who, n, what)
			k.try(append(append(slices.Clone(k.lines[:i]), once), k.lines[i+n:]...))
		}
	}
}

// leave leaves to the world when something is written to a peer, or answered by the disk.
func (k *shortener) leave(line string) {
	words := strings.Fields(line)
	if !slices.Contains(words, "by-hand") {
		return
	}
	without := slices.Clone(k.lines)
	name := words[1]
	for i, l := range without {
		if l == line {
			without[i] = strings.Replace(line, " by-hand", "", 1)
		}
	}
	k.try(slices.DeleteFunc(without, func(l string) bool {
		f := strings.Fields(l)
		switch {
		case words[0] == "raw":
			return len(f) > 2 && f[1] == "writes" && f[2] == name
		case l == "disk "+name:
			return true
		}
		return len(f) > 2 && f[0] == name && f[1] == "answers" && !strings.Contains(l, "fault=")
	}))
}

// lenient is the first line of what is retold. It stays: what nobody asks for is no error of a core that was mended.
const lenient = "lenient"

// fewer leaves out so many lines at once, wherever that can be.
func (k *shortener) fewer(n int) (better bool) {
	first := 0
	if k.lines[0] == lenient {
		first = 1
	}
	for to := len(k.lines); to > first && !k.over(); to -= n {
		from := max(first, to-n)
		better = k.try(slices.Delete(slices.Clone(k.lines), from, min(to, len(k.lines)))) || better
	}
	return better
}

// plainer leaves out the words of a line that something is as usual without.
func (k *shortener) plainer() (better bool) {
	for i := range k.lines {
		words := strings.Fields(k.lines[i])
		if words[0] == "run" || len(words) > 1 && words[1] == "says" {
			continue
		}
		for j := len(words) - 1; j > 0; j-- {
			if !strings.Contains(words[j], "=") && words[j] != "waits" {
				continue
			}
			shorter := slices.Clone(k.lines)
			shorter[i] = strings.Join(slices.Delete(slices.Clone(words), j, j+1), " ")
			if k.try(shorter) {
				words, better = slices.Delete(words, j, j+1), true
			}
		}
	}
	return better
}

// quieter leaves out parts of what peers say.
func (k *shortener) quieter() (better bool) {
	for i := range k.lines {
		parts := strings.Split(k.lines[i], " / ")
		for j := len(parts) - 1; j > 0 && !k.over(); j-- {
			shorter := slices.Clone(k.lines)
			shorter[i] = strings.Join(slices.Delete(slices.Clone(parts), j, j+1), " / ")
			if k.try(shorter) {
				parts, better = slices.Delete(parts, j, j+1), true
			}
		}
	}
	return better
}
