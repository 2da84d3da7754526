package cli

import "golang.org/x/sys/windows"

// echoOff keeps a console from showing what is typed.
func echoOff(fd int) error {
	var mode uint32
	console := windows.Handle(fd)
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return err
	}
	return windows.SetConsoleMode(console, mode&^windows.ENABLE_ECHO_INPUT)
}
