package main

import (
	"errors"

	"github.com/urfave/cli/v3"

	"peerwire/core/bt"
	"peerwire/shell/utp"
)

// transportFlags are the options of get and seed that say what connections are over.
func transportFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{
			Name: "transport", Value: bt.TCPAndUTP.String(),
			Usage: "dial peers over `TRANSPORT`: tcp, utp, or both, which is uTP first and TCP when that fails; peers may come over either",
			Validator: func(text string) error {
				_, err := parseTransports(text)
				return err
			},
		},
		&cli.StringFlag{
			Name: "utp-engine", Value: utp.Engine(0).String(),
			Usage: "speak uTP with `ENGINE`: peerwire, the machine of our own, or anacrolix, the library of that name (docs/utp.md)",
			Validator: func(text string) error {
				_, err := parseEngine(text)
				return err
			},
		},
	}
}

// parseTransports understands what a user allows to be dialled.
func parseTransports(text string) (bt.Transports, error) {
	for _, t := range []bt.Transports{bt.OnlyTCP, bt.OnlyUTP, bt.TCPAndUTP} {
		if t.String() == text {
			return t, nil
		}
	}
	return 0, errors.New("it is none of tcp, utp, both")
}

// parseEngine understands what a user wants uTP to be spoken with.
func parseEngine(text string) (utp.Engine, error) {
	for _, e := range []utp.Engine{utp.Anacrolix, utp.Own} {
		if e.String() == text {
			return e, nil
		}
	}
	return 0, errors.New("it is none of anacrolix, peerwire")
}
