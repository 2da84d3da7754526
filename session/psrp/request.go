package psrp

import (
	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// Opening says that a client opens the pool: answer with Server.Opened or
// Server.Broken.
type Opening struct {
	Pool         GUID
	Version      string // protocol version in force
	MinRunspaces int32
	MaxRunspaces int32
	NullHost     bool // the client has no host: no host calls
	Arguments    clixml.Value
}

// Connecting says that a client connects to a pool that was disconnected:
// tests answer it. The simulator disconnects none and is not asked.
type Connecting struct {
	Pool    GUID
	Version string
	// MinRunspaces and MaxRunspaces are what the client asks for; -1: no change.
	MinRunspaces int32
	MaxRunspaces int32
}

// Command is one command of a pipeline exactly as it was sent.
type Command struct {
	Name     string
	IsScript bool
	Args     []CommandArg
	// Merges has the numbers of the merge properties (MS-PSRP 2.2.3.31) that
	// are not None, by property name.
	Merges map[string]int32
}

// CommandArg is one argument exactly as it was sent.
type CommandArg struct {
	Name    string // as sent: "Identity", "-Identity" or "-Identity:"
	HasName bool
	Value   clixml.Value
}

// CreatePipeline asks to run a pipeline: answer with output and Server.Finish.
type CreatePipeline struct {
	ID GUID
	// Commands are the calls, each piped to the next, with the three ways of
	// naming parameters resolved. SecureStrings are cmdlet.Secret values.
	Commands   []cmdlet.Invocation
	Sent       []Command
	Statements [][]Command // when more than one statement was sent: all of them
	Input      bool        // PipelineInput follows, until EndOfInput
	NullHost   bool        // no host calls for this pipeline
	AddHistory bool
	// StreamOptions says which streams carry invocation info (MS-PSRP 2.2.3.8).
	StreamOptions int32
	Value         *clixml.Object
}

// GetCommandMetadata asks for descriptions of commands: answer with
// Server.Metadata.
type GetCommandMetadata struct {
	ID        GUID
	Names     []string // patterns with wildcards; none: all
	Types     int32    // MS-PSRP 2.2.3.19, CommandType
	Namespace []string
	Arguments clixml.Value
}

// PipelineInput is one object of a pipeline's input.
type PipelineInput struct {
	Pipeline GUID
	Value    clixml.Value
	Payload  []byte // borrows the bytes given to Receive
}

// EndOfInput says that a pipeline's input is complete.
type EndOfInput struct{ Pipeline GUID }

// HostResponse answers a host call.
type HostResponse struct {
	Pipeline GUID // zero: a call on the pool
	ID       int64
	Method   HostMethod
	Value    clixml.Value
	Err      *RemoteError
}

// SetRunspaces asks for other limits of the pool: answer with Server.Accept
// or Server.Refuse.
type SetRunspaces struct {
	CallID int64
	Which  RunspaceLimit
	Count  int32
}

// RunspaceLimit is one of the two limits of a pool.
type RunspaceLimit uint8

// The limits of a pool.
const (
	MinRunspaces RunspaceLimit = iota + 1
	MaxRunspaces
)

// GetAvailable asks for the number of free runspaces: answer with
// Server.Available.
type GetAvailable struct{ CallID int64 }

// ResetState asks to reset the runspace: answer with Server.Accept or
// Server.Refuse.
type ResetState struct{ CallID int64 }

func (Opening) event()            {}
func (Connecting) event()         {}
func (CreatePipeline) event()     {}
func (GetCommandMetadata) event() {}
func (PipelineInput) event()      {}
func (EndOfInput) event()         {}
func (HostResponse) event()       {}
func (SetRunspaces) event()       {}
func (GetAvailable) event()       {}
func (ResetState) event()         {}
