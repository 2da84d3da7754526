package psrp

import (
	"crypto/rsa"
	"fmt"
	"io"

	"postroom/session/clixml"
)

// Pool is a client's runspace pool: what was asked of the server, what it has said, and
// the bytes that are still to be sent. One goroutine at a time. It has a method for each
// thing that the protocol lets a client ask of a pool or a pipeline and for each message
// that a server sends, and a field for each state of these: the protocol is one machine,
// and splitting it would only pass its state around; a file each subject.
type Pool struct {
	options PoolOptions
	random  io.Reader
	state   PoolState
	version string // announced, then negotiated

	out      sendQueue
	objectID uint64 // of the last message that was sent
	opened   bool   // the first packet has been given out
	callID   int64  // of the last call about runspaces

	in        map[GUID]*inStream
	seen      idSet
	held      budget
	pipelines map[GUID]*pipeline
	asked     map[hostCallKey]bool // host calls that wait for an answer

	own      *rsa.PrivateKey // once the exchange has begun
	cipher   *sessionCipher
	deferred []post // messages with secrets, and what must follow them
}

// NewPool makes a pool that is not opened yet. The error says that the options
// are wrong, or that there was no randomness.
func NewPool(o PoolOptions) (*Pool, error) {
	if o.Version == "" {
		o.Version = Version23
	}
	if _, ok := versionNumber(o.Version); !ok {
		return nil, &VersionError{Ours: Version23, Theirs: o.Version}
	}
	if o.MinRunspaces == 0 {
		o.MinRunspaces = 1
	}
	if o.MaxRunspaces == 0 {
		o.MaxRunspaces = o.MinRunspaces
	}
	if o.MinRunspaces < 1 || o.MaxRunspaces < o.MinRunspaces {
		return nil, fmt.Errorf("psrp: a pool of %d to %d runspaces", o.MinRunspaces, o.MaxRunspaces)
	}
	o.Limits = o.Limits.orDefault()
	p := &Pool{
		options: o, random: randomOr(o.Rand), version: o.Version,
		in:        make(map[GUID]*inStream),
		pipelines: make(map[GUID]*pipeline), asked: make(map[hostCallKey]bool),
		held: budget{max: o.Limits.Pending},
	}
	if o.ID == (GUID{}) {
		if _, err := io.ReadFull(p.random, p.options.ID[:]); err != nil {
			return nil, fmt.Errorf("psrp: pool id: %w", err)
		}
		stampGUID(&p.options.ID)
	}
	return p, nil
}

// ID gives the pool's id, which is the shell's id on the transport.
func (p *Pool) ID() GUID { return p.options.ID }

// Version gives the protocol version in force, once negotiated; before that
// the one that is announced.
func (p *Pool) Version() string { return p.version }

// State gives the pool's state.
func (p *Pool) State() PoolState { return p.state }

// Open queues the messages that open the pool (MS-PSRP 3.1.4.1). The pool is
// open when PoolStateChanged says so. Error: *StateError.
func (p *Pool) Open() error {
	if p.state != PoolBeforeOpen {
		return &StateError{Action: "Open", Is: p.state.String(), Want: PoolBeforeOpen.String()}
	}
	if err := p.announce(); err != nil {
		return err
	}
	var arguments clixml.Value
	if p.options.Arguments != nil {
		table := &clixml.Object{Types: primitiveDictionaryTypes(), Kind: clixml.Dictionary}
		for _, a := range p.options.Arguments {
			table.Entries = append(table.Entries, clixml.Entry{Key: a.Name, Value: a.Value})
		}
		arguments = table
	}
	p.state = PoolOpening
	return p.post(post{typ: MsgInitRunspacePool, opens: true, payload: fixed(bag(
		prop("MinRunspaces", p.options.MinRunspaces),
		prop("MaxRunspaces", p.options.MaxRunspaces),
		prop("PSThreadOptions", enum("System.Management.Automation.Runspaces.PSThreadOptions", "Default", 0)),
		prop("ApartmentState", apartmentState()),
		prop("ApplicationArguments", arguments),
		prop("HostInfo", hostInfo(p.options.Host)),
	))})
}

func (p *Pool) announce() error {
	return p.post(post{typ: MsgSessionCapability, opens: true, payload: fixed(capability(p.version))})
}

// SetMinRunspaces asks for another minimum, 1 or more; the call id comes back
// in Availability. Error: *StateError.
func (p *Pool) SetMinRunspaces(n int32) (int64, error) {
	return p.call("SetMinRunspaces", MsgSetMinRunspaces, prop("MinRunspaces", n))
}

// SetMaxRunspaces asks for another maximum, 1 or more; the call id comes back
// in Availability. Error: *StateError.
func (p *Pool) SetMaxRunspaces(n int32) (int64, error) {
	return p.call("SetMaxRunspaces", MsgSetMaxRunspaces, prop("MaxRunspaces", n))
}

// GetAvailable asks for the number of free runspaces; the call id comes back
// in Availability. Error: *StateError.
func (p *Pool) GetAvailable() (int64, error) {
	return p.call("GetAvailable", MsgGetAvailableRunspaces)
}

// ResetState asks to reset the runspace's variables; the call id comes back in
// Availability. It needs protocol 2.3. Error: *StateError.
func (p *Pool) ResetState() (int64, error) {
	if p.version < Version23 {
		return 0, &StateError{Action: "ResetState", Is: "at protocol " + p.version, Want: "at protocol " + Version23}
	}
	return p.call("ResetState", MsgResetRunspaceState)
}

func (p *Pool) call(action string, t MessageType, properties ...clixml.Property) (int64, error) {
	if err := p.want(action, PoolOpened); err != nil {
		return 0, err
	}
	p.callID++
	return p.callID, p.post(post{typ: t, payload: fixed(bag(append(properties, prop("ci", p.callID))...))})
}

// Closing notes that the transport closes the pool.
func (p *Pool) Closing() {
	if !p.state.Final() {
		p.state = PoolClosing
	}
}

func (p *Pool) want(action string, s PoolState) error {
	if p.state != s {
		return &StateError{Action: action, Is: p.state.String(), Want: s.String()}
	}
	return nil
}
