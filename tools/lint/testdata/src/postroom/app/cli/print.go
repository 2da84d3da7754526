package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func say(w io.Writer, format string, values ...any) {}

func prints(serverSaid string) {
	fmt.Println(serverSaid)                      // want "lets a server's text act on the terminal"
	fmt.Printf("%s\n", serverSaid)               // want "lets a server's text act on the terminal"
	fmt.Fprintln(os.Stderr, serverSaid)          // want "lets a server's text act on the terminal"
	fmt.Fprintf(os.Stderr, "%s", serverSaid)     // want "lets a server's text act on the terminal"
	_, _ = io.WriteString(os.Stdout, serverSaid) // want "lets a server's text act on the terminal"
	say(os.Stderr, serverSaid)                   // want "lets a server's text act on the terminal"
	say(os.Stderr, serverSaid, 1)                // want "lets a server's text act on the terminal"
	say(os.Stderr, "%s\n", serverSaid)
	fmt.Println("nothing of a server's")
	var b strings.Builder
	fmt.Fprintf(&b, "%s", serverSaid)
	say(os.Stderr, "%s", b.String())
}
