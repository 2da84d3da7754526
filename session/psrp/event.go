package psrp

import (
	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// Event is something that the other end said. Pool.Receive gives the events of
// this file, Server.Receive those of request.go. Events own what they hold,
// except where a field says that it borrows.
type Event interface{ event() }

// PoolStateChanged says that the pool has a new state: opened, closed, broken.
// Err is the server's reason, nil when it gave none.
type PoolStateChanged struct {
	State PoolState
	Err   *RemoteError
}

// Negotiated says that the server's SESSION_CAPABILITY was accepted.
type Negotiated struct {
	Version              string // protocol version in force, "2.3"
	PSVersion            string
	SerializationVersion string
	TimeZone             []byte // the server's, as it was sent; nil when it was not
}

// PrivateData is the server's APPLICATION_PRIVATE_DATA (MS-PSRP 2.2.2.13):
// a dictionary, or nil.
type PrivateData struct{ Value clixml.Value }

// PoolInitData is a server's answer to a connect (MS-PSRP 2.2.2.29).
type PoolInitData struct{ MinRunspaces, MaxRunspaces int32 }

// PipelineStateChanged says that a pipeline has ended, or is in another state.
// A terminating error comes only here, not as an ErrorRecord.
type PipelineStateChanged struct {
	Pipeline GUID
	State    PipelineState
	Err      *RemoteError
}

// Output is one object of a pipeline's output (MS-PSRP 2.2.2.19).
type Output struct {
	Pipeline GUID
	// Payload is CLIXML without a byte order mark; 0 bytes are a null. It
	// borrows the bytes given to Receive where the object lay whole in one
	// fragment: it is good as long as the caller leaves those alone.
	Payload []byte
}

// ErrorRecord is an error that did not end the pipeline (MS-PSRP 2.2.2.20).
type ErrorRecord struct {
	Pipeline GUID
	Err      *RemoteError
}

// RecordStream tells the streams of text from each other.
type RecordStream uint8

// The streams of a Record.
const (
	Warning RecordStream = iota + 1
	Verbose
	Debug
)

// String gives the name of the stream.
func (s RecordStream) String() string {
	switch s {
	case Warning:
		return "Warning"
	case Verbose:
		return "Verbose"
	case Debug:
		return "Debug"
	}
	return "RecordStream(?)"
}

// Record is a warning, verbose or debug record (MS-PSRP 2.2.2.22 to 24).
type Record struct {
	Pipeline GUID
	Stream   RecordStream
	Text     string
	Value    *clixml.Object // the whole record; nil when it was not an object
}

// Progress is a progress record (MS-PSRP 2.2.2.25).
type Progress struct {
	Pipeline         GUID
	Activity         string
	ActivityID       int32
	ParentActivityID int32 // -1: none
	Status           string
	CurrentOperation string
	PercentComplete  int32 // -1: unknown
	SecondsRemaining int32 // -1: unknown
	Completed        bool  // the activity has ended
	Value            *clixml.Object
}

// Information is a record of the information stream (MS-PSRP 2.2.2.26).
type Information struct {
	Pipeline        GUID
	Text            string // display text of Data
	Data            clixml.Value
	Source          string
	Time            clixml.DateTime
	Tags            []string // PSHOST: written by Write-Host
	User            string
	Computer        string
	ProcessID       uint32
	NativeThreadID  uint32
	ManagedThreadID uint32
	Value           *clixml.Object
}

// Metadata is the description of one command, in answer to Pool.GetMetadata.
type Metadata struct {
	Pipeline GUID
	Command  cmdlet.Cmdlet
	Value    *clixml.Object // all that the server said of it
}

// MetadataCount says how many Metadata events are to come.
type MetadataCount struct {
	Pipeline GUID
	Count    int
}

// Availability is the answer to one of the calls about runspaces: CallID is
// what the call returned.
type Availability struct {
	CallID int64
	// Count is the number of free runspaces in answer to GetAvailable, else -1.
	Count int64
	// Accepted is the answer to SetMinRunspaces, SetMaxRunspaces and ResetState;
	// true in answer to GetAvailable.
	Accepted bool
}

// KeyReady says that the session key has been exchanged: Decrypt works now.
type KeyReady struct{}

// KeyRequested says that the server asked for the key exchange; it has begun.
type KeyRequested struct{}

// UserEvent is an event that a script on the server forwarded (MS-PSRP 2.2.2.12).
type UserEvent struct {
	Identifier int32
	Source     string // SourceIdentifier
	Time       clixml.Value
	Sender     clixml.Value
	Args       clixml.Value
	Data       clixml.Value // MessageData
	Computer   string
	RunspaceID clixml.Value
}

// Gap says that messages of a pipeline may have been lost: an answer did not
// arrive (Pool.LostReply) and the object ids do not prove that it was empty.
// It comes just before the pipeline's final state. Pipeline zero: the pool's own
// stream, before its next message.
type Gap struct {
	Pipeline GUID
	// Missing is how many object ids are unaccounted for: an upper bound of
	// the messages that were lost. 0: part of a message was lost, or the number
	// is not known.
	Missing uint64
}

// Unknown is a message that this package has no event for, or (Err not nil)
// one whose payload is not what its type demands. Nothing else is lost by it.
type Unknown struct {
	Pipeline GUID
	Type     MessageType
	Payload  []byte // a copy
	Err      error
}

func (PoolStateChanged) event()     {}
func (Negotiated) event()           {}
func (PrivateData) event()          {}
func (PoolInitData) event()         {}
func (PipelineStateChanged) event() {}
func (Output) event()               {}
func (ErrorRecord) event()          {}
func (Record) event()               {}
func (Progress) event()             {}
func (Information) event()          {}
func (Metadata) event()             {}
func (MetadataCount) event()        {}
func (Availability) event()         {}
func (KeyReady) event()             {}
func (KeyRequested) event()         {}
func (UserEvent) event()            {}
func (HostCall) event()             {}
func (Gap) event()                  {}
func (Unknown) event()              {}
