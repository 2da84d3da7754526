// Package system is the program's way to the desktop and the computer under it:
// what they tell (shutdown, log-off, sleep, the end of the display) and the tray
// of the desktop. It knows no panel of the window.
package system
