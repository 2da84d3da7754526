package psrp

import (
	"crypto/rand"
	"io"

	"postroom/session/clixml"
)

// The protocol versions that are spoken. 2.4 exists but drops the encryption
// of SecureStrings, so it is never announced.
const (
	Version20 = "2.0"
	Version21 = "2.1"
	Version22 = "2.2"
	Version23 = "2.3"
)

// Limits bound what the other end may send. Zero fields mean the default.
type Limits struct {
	// Message is the size of one message in bytes, default 64 MiB.
	Message int
	// Pending is how many bytes of unfinished messages may be held for all
	// streams together, default 256 MiB.
	Pending int
	// CLIXML bounds the payloads that are decoded here; output is not. Its
	// Elements are a million by default.
	CLIXML clixml.Limits
}

func (l Limits) orDefault() Limits {
	if l.Message <= 0 {
		l.Message = 64 << 20
	}
	if l.Pending <= 0 {
		l.Pending = 256 << 20
	}
	if l.CLIXML.Elements <= 0 {
		l.CLIXML.Elements = 1 << 20
	}
	return l
}

// PoolOptions describe a client's runspace pool.
type PoolOptions struct {
	ID           GUID  // zero: a random one
	MinRunspaces int32 // 0: 1
	MaxRunspaces int32 // 0: MinRunspaces
	Host         HostInfo
	// Arguments are the ApplicationArguments; primitive values, lists and
	// dictionaries. nil: none.
	Arguments []clixml.Property
	// Version is the protocol version to announce, default "2.3", at most that.
	Version string
	// Rand is the source of ids and keys; nil: crypto/rand.
	Rand   io.Reader
	Limits Limits
}

// PipelineOptions describe a pipeline.
type PipelineOptions struct {
	// Input says that Pool.Input will be called; Pool.EndInput must follow.
	Input bool
	// Merge redirects streams of every command of the pipeline.
	Merge []Merge
	// StreamOptions says which streams carry invocation info (MS-PSRP 2.2.3.8);
	// 0, which is best for throughput, gives none.
	StreamOptions StreamOptions
	// AddToHistory adds the pipeline to the server's history.
	AddToHistory bool
	// NullHost runs this pipeline without the pool's host.
	NullHost bool
}

// StreamOptions is a set of the streams that carry invocation info (MS-PSRP
// 2.2.3.8, RemoteStreamOptions).
type StreamOptions int32

// The streams of StreamOptions.
const (
	InvocationInfoError   StreamOptions = 1
	InvocationInfoWarning StreamOptions = 2
	InvocationInfoDebug   StreamOptions = 4
	InvocationInfoVerbose StreamOptions = 8
	InvocationInfoAll     StreamOptions = 15
)

// MergeStream is a stream that Merge redirects.
type MergeStream uint8

// The streams that can be redirected.
const (
	MergeError MergeStream = iota + 1
	MergeWarning
	MergeVerbose
	MergeDebug
	MergeInformation
)

// Merge sends one stream of a command into its output, as 2>&1 does, or to
// nowhere, as 3>$null does.
type Merge struct {
	From MergeStream
	To   MergeTarget
}

// MergeTarget is where a stream is redirected to.
type MergeTarget uint8

// The targets of a redirection.
const (
	ToOutput MergeTarget = iota
	ToNull
)

// Packet is a piece of the outgoing bytes: whole fragments, to be sent at once.
type Packet struct {
	Pipeline GUID   // zero: the pool
	Stream   string // StreamInput or StreamPrompt
	Opens    bool   // travels in Create or Connect (pool) or Command (pipeline)
	Data     []byte // owned by the caller
}

// The input streams of a shell (MS-PSRP 3.1.5.3.2): prompt responses go by
// their own, so that they do not wait behind input.
const (
	StreamInput  = "stdin"
	StreamPrompt = "pr"
)

// ServerOptions describe a server's half.
type ServerOptions struct {
	// Version is the highest protocol version to speak, default "2.3".
	Version string
	// Rand is the source of the session key; nil: crypto/rand.
	Rand   io.Reader
	Limits Limits
	// NextObjectID gives the ids of messages; nil: a counter of this server from
	// 1. Real servers share one counter over all pools of a process.
	NextObjectID func() uint64
	// IsSwitch tells whether a cmdlet's parameter is a switch. It decides what
	// "-Name" and a following value without a name mean. nil: the value belongs
	// to the parameter.
	IsSwitch func(command, parameter string) bool
}

func randomOr(r io.Reader) io.Reader {
	if r == nil {
		return rand.Reader
	}
	return r
}
