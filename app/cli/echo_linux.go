package cli

import "golang.org/x/sys/unix"

// echoOff keeps a terminal from showing what is typed.
func echoOff(fd int) error {
	terminal, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	terminal.Lflag &^= unix.ECHO
	return unix.IoctlSetTermios(fd, unix.TCSETS, terminal)
}
