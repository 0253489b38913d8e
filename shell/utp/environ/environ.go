// Package environ takes the switches of github.com/anacrolix/utp out of the environment before that package looks at them: it would lose
// packets on purpose, and write to the terminal. Packages are initialised in the order of their paths as far as what they import
// allows; this one needs hardly anything, and that one needs net/http, which needs packages whose paths come after ours.
package environ

import "os"

func init() {
	for _, name := range Switches {
		os.Unsetenv(name)
	}
}

// Switches are the names that are taken out.
var Switches = []string{"GO_UTP_PACKET_DROP", "GO_UTP_LOGGING"}
