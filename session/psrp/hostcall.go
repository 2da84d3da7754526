package psrp

import (
	"postroom/session/clixml"
)

// HostMethod is a method of the client's host that the server calls (MS-PSRP
// 2.2.3.17).
type HostMethod int32

// The host methods of MS-PSRP 2.2.3.17.
const (
	HostGetName                  HostMethod = 1
	HostGetVersion               HostMethod = 2
	HostGetInstanceID            HostMethod = 3
	HostGetCurrentCulture        HostMethod = 4
	HostGetCurrentUICulture      HostMethod = 5
	HostSetShouldExit            HostMethod = 6
	HostEnterNestedPrompt        HostMethod = 7
	HostExitNestedPrompt         HostMethod = 8
	HostNotifyBeginApplication   HostMethod = 9
	HostNotifyEndApplication     HostMethod = 10
	HostReadLine                 HostMethod = 11
	HostReadLineAsSecureString   HostMethod = 12
	HostWrite1                   HostMethod = 13
	HostWrite2                   HostMethod = 14
	HostWriteLine1               HostMethod = 15
	HostWriteLine2               HostMethod = 16
	HostWriteLine3               HostMethod = 17
	HostWriteErrorLine           HostMethod = 18
	HostWriteDebugLine           HostMethod = 19
	HostWriteProgress            HostMethod = 20
	HostWriteVerboseLine         HostMethod = 21
	HostWriteWarningLine         HostMethod = 22
	HostPrompt                   HostMethod = 23
	HostPromptForCredential1     HostMethod = 24
	HostPromptForCredential2     HostMethod = 25
	HostPromptForChoice          HostMethod = 26
	HostGetForegroundColor       HostMethod = 27
	HostSetForegroundColor       HostMethod = 28
	HostGetBackgroundColor       HostMethod = 29
	HostSetBackgroundColor       HostMethod = 30
	HostGetCursorPosition        HostMethod = 31
	HostSetCursorPosition        HostMethod = 32
	HostGetWindowPosition        HostMethod = 33
	HostSetWindowPosition        HostMethod = 34
	HostGetCursorSize            HostMethod = 35
	HostSetCursorSize            HostMethod = 36
	HostGetBufferSize            HostMethod = 37
	HostSetBufferSize            HostMethod = 38
	HostGetWindowSize            HostMethod = 39
	HostSetWindowSize            HostMethod = 40
	HostGetWindowTitle           HostMethod = 41
	HostSetWindowTitle           HostMethod = 42
	HostGetMaxWindowSize         HostMethod = 43
	HostGetMaxPhysicalWindowSize HostMethod = 44
	HostGetKeyAvailable          HostMethod = 45
	HostReadKey                  HostMethod = 46
	HostFlushInputBuffer         HostMethod = 47
	HostSetBufferContents1       HostMethod = 48
	HostSetBufferContents2       HostMethod = 49
	HostGetBufferContents        HostMethod = 50
	HostScrollBufferContents     HostMethod = 51
	HostPushRunspace             HostMethod = 52
	HostPopRunspace              HostMethod = 53
	HostGetIsRunspacePushed      HostMethod = 54
	HostGetRunspace              HostMethod = 55
	HostPromptForChoices         HostMethod = 56 // PromptForChoiceMultipleSelection
)

// voidCall is the call id of methods that have no answer.
const voidCall int64 = -100

// NoAnswer is what a server is told whose question nobody answers. It comes back
// in the error of its cmdlet.
const NoAnswer = "nobody is there to answer"

// HostCall is a call of a method of the client's host (MS-PSRP 2.2.2.15 and 27).
type HostCall struct {
	Pipeline GUID // zero: the pool's own
	ID       int64
	Method   HostMethod
	Params   []clixml.Value
	// Repeats says that a record that has already come said the same (PowerShell
	// sends a warning, a progress record or the text of Write-Host first as a
	// record, then as a call): whoever shows records must not show this too.
	Repeats bool
}

// NeedsAnswer says that the server waits for Pool.Answer or Pool.AnswerError.
func (c HostCall) NeedsAnswer() bool { return c.ID != voidCall }

// PromptField is one of the values that a prompt asks for (MS-PSRP 2.2.3.19,
// FieldDescription).
type PromptField struct {
	Name      string // the key of the answer
	Label     string
	Help      string
	Type      string // .NET type, System.String
	Mandatory bool
	Secret    bool // a SecureString or a PSCredential is wanted
	Default   clixml.Value
}

// PromptCall is a call of Prompt.
type PromptCall struct {
	Caption string
	Message string
	Fields  []PromptField
}

// Choice is one of the answers to a choice call. Label has an ampersand before
// the letter that selects it.
type Choice struct{ Label, Help string }

// ChoiceCall is a call of PromptForChoice, or of its form with several answers.
type ChoiceCall struct {
	Caption  string
	Message  string
	Choices  []Choice
	Defaults []int32 // indices; empty: none. More than one only with Multiple
	Multiple bool
}

// CredentialCall is a call of PromptForCredential.
type CredentialCall struct {
	Caption string
	Message string
	User    string
	Target  string
	Types   int32 // PSCredentialTypes: 1 generic, 2 domain
	Options int32 // PSCredentialUIOptions
}

// WriteCall is a call of one of the Write methods.
type WriteCall struct {
	Text       string
	NewLine    bool
	Stream     RecordStream // 0 for plain text and errors
	Error      bool
	Foreground int32 // ConsoleColor, -1: not given
	Background int32 // ConsoleColor, -1: not given
}

// HostInfo says what host the client has (MS-PSRP 2.2.3.14). The zero HostInfo
// is a null host: the server makes no host calls, and what needs an answer
// becomes an error.
type HostInfo struct {
	Present    bool // a host with a user interface answers calls
	Title      string
	Width      int32 // columns of the window; 0: 120
	Height     int32 // rows of the window; 0: 30
	Foreground int32 // ConsoleColor
	Background int32
}
