package cli_test

import (
	"os"
	"testing"

	"postroom/app/cli"
)

// A terminal of unknown width, as a new one is and a serial line stays, is a terminal
// all the same: what a server wrote would reach it raw.
func TestATerminalWithoutAWidthIsOne(t *testing.T) { //nolint:paralleltest // the process has one standard output
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer terminal.Close() //nolint:errcheck // nothing was written
	before := os.Stdout
	defer func() { os.Stdout = before }()
	os.Stdout = terminal
	if got := cli.Standard().Width; got <= 0 {
		t.Errorf("the terminal is %d wide, as none is", got)
	}
}
