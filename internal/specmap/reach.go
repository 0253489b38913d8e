package specmap

import (
	"fmt"
	"io/fs"
	"path"

	"peerwire/core/clause"
	"peerwire/sim"
	"peerwire/sim/dialogue"
	"peerwire/sim/script"
)

// transcripts is where the transcripts are, below the top of the repository; dialogues are those of datagrams.
const (
	transcripts = "sim/testdata/transcripts"
	dialogues   = "core/utp/testdata/dialogues"
)

// Reached plays every transcript of the tree and tells which clauses it really reached, by the file's name.
func Reached(tree fs.FS) (map[string]*clause.Recorder, error) {
	reached := map[string]*clause.Recorder{}
	for _, part := range [...]struct {
		folder string
		play   func(text string, rec *clause.Recorder) error
	}{
		{transcripts, playScript}, {dialogues, dialogue.Play},
	} {
		names, err := fs.Glob(tree, path.Join(part.folder, "*.txt"))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(tree, name)
			if err != nil {
				return nil, err
			}
			rec := new(clause.Recorder)
			if err := part.play(string(text), rec); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			reached[name] = rec
		}
	}
	return reached, nil
}

// playScript plays a transcript of the core's.
func playScript(text string, rec *clause.Recorder) error {
	_, err := script.Play(text, sim.Options{Seed: 1, Recorder: rec})
	return err
}

// Why no transcript reaches a clause by the recorder. Transcripts and tests cite it all the same.
const (
	always   = "it holds at all times, so that there is no moment to record"
	silently = "it is obeyed in a package that keeps no record"
)

// Excuses tells of each clause that no transcript reaches by the recorder why not. The list only shrinks.
var Excuses = map[string]string{
	"HSK-8": always, "FRM-1": always, "FRM-2": always, "FRM-6": always, "LIM-4": always, "PCK-1": always, "ANN-1": always,
	"FLG-1": always, "FLG-5": always, "FLG-6": always, "FLG-9": always, "FLG-11": always, "FLG-12": always, "FLG-14": always,
	"PCK-4": silently, "DIA-11": silently,
}
