package e2e

import (
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAnInterruptedPasswordLeavesTheTerminalAsItWas: what is typed is hidden when the question
// stands there, and the next program's is shown, also after Ctrl+C and a signal.
func TestAnInterruptedPasswordLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"Ctrl+C", "SIGTERM", "Ctrl+D"} {
		t.Run(end, func(t *testing.T) {
			cmd, master := startAtTerminal(t, home(t), []string{"passwords", "--change", "--user", "ada@contoso.example", "--server", "mail.contoso.example"})
			defer master.Close() //nolint:errcheck // the program has ended
			shows := func() bool {
				mode, err := unix.IoctlGetTermios(int(master.Fd()), unix.TCGETS)
				if err != nil {
					t.Fatal(err)
				}
				return mode.Lflag&unix.ECHO != 0
			}
			said, asked := "", false
			for buf := make([]byte, 4096); ; { // ends with the program
				n, err := master.Read(buf)
				said += string(buf[:n])
				if !asked && strings.Contains(said, "Password of ") {
					asked = true
					if shows() {
						t.Error("what is typed is shown")
					}
					switch end {
					case "Ctrl+C":
						_, err = master.WriteString("hidden\x03")
					case "Ctrl+D":
						_, err = master.WriteString("\x04")
					default:
						err = cmd.Process.Signal(syscall.SIGTERM)
					}
				}
				if err != nil {
					break
				}
			}
			if err := cmd.Wait(); err == nil || !asked {
				t.Errorf("asked: %v, and ended well", asked)
			}
			if !shows() || strings.Contains(said, "hidden") {
				t.Errorf("the terminal shows what is typed: %v; it has shown %q", shows(), said)
			}
		})
	}
}
