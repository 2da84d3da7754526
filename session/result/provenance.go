package result

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Provenance says where a result came from. It holds no secret.
type Provenance struct {
	// Endpoint is the name or address of where it was asked.
	Endpoint string
	// Tenant is the tenant's domain, or those of several with ", " between them; empty for
	// the account's own.
	Tenant string
	// Account is who asked.
	Account string
	// Report is what people call the report that asked, in their language; empty for a
	// command.
	Report string
	// Command is the call as PowerShell text, secrets hidden.
	Command string
	// Started is when the call was sent; its zone is the one that file names show.
	Started time.Time
}

const fileNameBytes = 180

// FileName gives a name for an exported file, without folder: tenant (the account's
// domain when there is none; of several the first and how many more), title and start
// time, such as contoso.com_Get-Mailbox_2024-03-04_0506.csv. It is a legal name on
// Windows, macOS and Linux, of at most 200 bytes. ext comes with or without its dot.
func (p Provenance) FileName(ext string) string {
	tenant, more, _ := strings.Cut(p.Tenant, ", ")
	if more != "" {
		tenant += fmt.Sprintf("+%d", strings.Count(more, ", ")+1)
	}
	if tenant == "" {
		_, tenant, _ = strings.Cut(p.Account, "@")
	}
	var parts []string
	for _, part := range []string{tenant, p.Title()} {
		if part = fileNamePart(part, fileNameBytes/2-20); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "result")
	}
	if !p.Started.IsZero() {
		parts = append(parts, p.Started.Format("2006-01-02_1504"))
	}
	name := strings.Join(parts, "_")
	if isDeviceName(name) {
		name = "_" + name
	}
	if ext = fileNamePart(strings.TrimPrefix(ext, "."), 10); ext != "" {
		name += "." + ext
	}
	return name
}

// SafeFileName makes a legal name of a file on Windows, macOS and Linux of a text,
// without folder and of at most 200 bytes; "result" where nothing is left of it.
func SafeFileName(text string) string {
	name := fileNamePart(text, fileNameBytes)
	if name == "" {
		name = "result"
	}
	if isDeviceName(name) {
		name = "_" + name
	}
	return name
}

// PartialMark stands at the end of the name of a file that people open, before its ending,
// when what is in it is not all. A file that the command line was given a name for has
// PartialSuffix behind it instead: who reads it by that name must not find it.
const (
	PartialMark   = "_partial"
	PartialSuffix = ".partial"
)

// PartialName is the path of a file whose rows may not be all: PartialMark stands before the
// ending, once.
func PartialName(path string) string {
	ending := filepath.Ext(path)
	return strings.TrimSuffix(strings.TrimSuffix(path, ending), PartialMark) + PartialMark + ending
}

// Title is what people call what was asked: the report's title, else the cmdlet.
func (p Provenance) Title() string { return cmp.Or(p.Report, p.cmdlet()) }

// cmdlet gives the first word of Command, without a module's name before it.
func (p Provenance) cmdlet() string {
	fields := strings.Fields(p.Command)
	if len(fields) == 0 {
		return ""
	}
	word := fields[0]
	return word[strings.LastIndexByte(word, '\\')+1:]
}

// fileNamePart replaces what a file's name may not have on some system, and cuts to at
// most limit bytes.
func fileNamePart(part string, limit int) string {
	part = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*%`, r) || r == utf8.RuneError || !unicode.IsPrint(r) {
			return '-'
		}
		return r
	}, part)
	for len(part) > limit {
		_, n := utf8.DecodeLastRuneInString(part)
		part = part[:len(part)-n]
	}
	return strings.Trim(part, " .-")
}

// isDeviceName says that Windows takes the name for a device, whatever its extension.
func isDeviceName(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, ok := strings.CutPrefix(base, "COM")
	if !ok {
		port, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && utf8.RuneCountInString(port) == 1 && strings.ContainsAny(port, "0123456789¹²³")
}
