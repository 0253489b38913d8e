package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"peerwire/core/bt"
)

// slotFlags are the options of get and seed that say who is uploaded to.
func slotFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{
			Name: "slots", Value: strconv.Itoa(bt.DefaultConfig().UploadSlots),
			Usage: "upload to at most `N` peers at a time, to as many as the rates bear (auto), or to all who ask (unlimited)",
			Validator: func(text string) error {
				_, err := configOf(text, bt.RoundRobin.String())
				return err
			},
		},
		&cli.StringFlag{
			Name: "seed-order", Value: bt.RoundRobin.String(),
			Usage: "as a seed, prefer in `ORDER`: round-robin, fastest (who takes most), or anti-leech (who has least, or nearly all)",
			Validator: func(text string) error {
				_, err := configOf(bt.UnlimitedSlots.String(), text)
				return err
			},
		},
	}
}

// configOf is the configuration of the core with the slots and the order that a user asked for.
func configOf(slots, order string) (cfg bt.Config, err error) {
	cfg = bt.DefaultConfig()
	switch slots {
	case bt.RateSlots.String():
		cfg.SlotPolicy = bt.RateSlots
	case bt.UnlimitedSlots.String():
		cfg.SlotPolicy = bt.UnlimitedSlots
	default:
		if cfg.UploadSlots, err = strconv.Atoi(slots); err != nil || cfg.UploadSlots < 0 || cfg.UploadSlots > cfg.MaxConns {
			return cfg, fmt.Errorf("it is no number from 0 to %d, nor auto or unlimited", cfg.MaxConns)
		}
	}
	var names []string
	for _, o := range []bt.SeedOrder{bt.RoundRobin, bt.FastestUpload, bt.AntiLeech} {
		if o.String() == order {
			cfg.SeedOrder = o
			return cfg, nil
		}
		names = append(names, o.String())
	}
	return cfg, fmt.Errorf("it is none of %s", strings.Join(names, ", "))
}
