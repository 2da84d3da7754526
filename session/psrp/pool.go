package psrp

import (
	"errors"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

var errNotYet = errors.New("psrp: not built yet")

// Pool is a client's runspace pool.
type Pool struct{}

// NewPool makes a pool that is not opened yet.
func NewPool(o PoolOptions) (*Pool, error) { return nil, errNotYet }

// ID gives the pool's id, which is the shell's id on the transport.
func (p *Pool) ID() GUID { return GUID{} }

// Version gives the protocol version in force, once negotiated; before that
// the one that is announced.
func (p *Pool) Version() string { return "" }

// Open queues the messages that open the pool (MS-PSRP 3.1.4.1).
func (p *Pool) Open() error { return errNotYet }

// Connect queues the messages that connect to a pool that was disconnected.
func (p *Pool) Connect() error { return errNotYet }

// Start queues CREATE_PIPELINE.
func (p *Pool) Start(id GUID, o PipelineOptions, cmds ...cmdlet.Invocation) error { return errNotYet }

// GetMetadata queues GET_COMMAND_METADATA.
func (p *Pool) GetMetadata(id GUID, names []string) error { return errNotYet }

// Input queues one object of input.
func (p *Pool) Input(id GUID, v clixml.Value) error { return errNotYet }

// EndInput queues END_OF_PIPELINE_INPUT.
func (p *Pool) EndInput(id GUID) error { return errNotYet }

// Answer queues the answer to a host call.
func (p *Pool) Answer(c HostCall, v clixml.Value) error { return errNotYet }

// AnswerError queues an error as the answer to a host call.
func (p *Pool) AnswerError(c HostCall, message string) error { return errNotYet }

// SetMinRunspaces asks for another minimum; the call id comes back in Availability.
func (p *Pool) SetMinRunspaces(n int32) (int64, error) { return 0, errNotYet }

// SetMaxRunspaces asks for another maximum.
func (p *Pool) SetMaxRunspaces(n int32) (int64, error) { return 0, errNotYet }

// GetAvailable asks for the number of free runspaces.
func (p *Pool) GetAvailable() (int64, error) { return 0, errNotYet }

// ResetState asks to reset the runspace.
func (p *Pool) ResetState() (int64, error) { return 0, errNotYet }

// RequestKey begins the key exchange.
func (p *Pool) RequestKey() error { return errNotYet }

// Outgoing gives the next bytes to send.
func (p *Pool) Outgoing(max int) (Packet, bool) { return Packet{}, false }

// Receive takes bytes of one stream.
func (p *Pool) Receive(stream GUID, b []byte) ([]Event, error) { return nil, errNotYet }

// LostReply says that an answer may have been lost.
func (p *Pool) LostReply(stream GUID) {}

// Ended says that the transport closed a pipeline's stream: the command is
// done. A pipeline whose final state never came ends with Gap and Failed.
func (p *Pool) Ended(id GUID) []Event { return nil }

// Decrypt gives the text of a SecureString.
func (p *Pool) Decrypt(s clixml.SecureString) (string, error) { return "", ErrNoKey }

// State gives the pool's state.
func (p *Pool) State() PoolState { return PoolBeforeOpen }

// PipelineState gives a pipeline's state.
func (p *Pool) PipelineState(id GUID) PipelineState { return PipelineNotStarted }

// Stop notes that the transport signals a pipeline to stop.
func (p *Pool) Stop(id GUID) error { return errNotYet }

// Forget frees what is kept of a pipeline.
func (p *Pool) Forget(id GUID) {}

// Closing notes that the transport closes the pool.
func (p *Pool) Closing() {}
