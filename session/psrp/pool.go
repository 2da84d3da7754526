package psrp

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"

	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// Pool is a client's runspace pool: what was asked of the server, what it has
// said, and the bytes that are still to be sent. One goroutine at a time.
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

// pipeline is what a Pool knows of a pipeline.
type pipeline struct {
	state    PipelineState
	input    bool // PIPELINE_INPUT may be sent
	metadata bool // its output describes commands
	recent   recentRecords
}

type hostCallKey struct {
	pipeline GUID
	id       int64
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

// PipelineState gives a pipeline's state; PipelineNotStarted for one that is
// not known.
func (p *Pool) PipelineState(id GUID) PipelineState {
	if pipe := p.pipelines[id]; pipe != nil {
		return pipe.state
	}
	return PipelineNotStarted
}

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

// Connect queues the messages that connect to a pool of the same id that was
// disconnected (MS-PSRP 3.1.4.9). They travel in the transport's Connect.
// Error: *StateError.
func (p *Pool) Connect() error {
	if p.state != PoolBeforeOpen {
		return &StateError{Action: "Connect", Is: p.state.String(), Want: PoolBeforeOpen.String()}
	}
	if err := p.announce(); err != nil {
		return err
	}
	p.state = PoolConnecting
	// An empty string says that the numbers of runspaces stay (MS-PSRP 2.2.2.28).
	return p.post(post{typ: MsgConnectRunspacePool, opens: true, payload: fixed("")})
}

func (p *Pool) announce() error {
	return p.post(post{typ: MsgSessionCapability, opens: true, payload: fixed(capability(p.version))})
}

// Start queues CREATE_PIPELINE for the commands, each piped into the next
// (MS-PSRP 3.1.4.3). Secrets among the arguments are encrypted; when there is
// no session key yet, the exchange begins and the pipeline waits for it.
// Errors: *StateError, *clixml.EncodeError.
func (p *Pool) Start(id GUID, o PipelineOptions, cmds ...cmdlet.Invocation) error {
	if len(cmds) == 0 {
		return &StateError{Action: "Start", Pipeline: id, Is: "empty", Want: "one command or more"}
	}
	return p.create(id, "Start", pipeline{input: o.Input}, post{
		pipeline: id, typ: MsgCreatePipeline, opens: true,
		payload: func(c *converter) (clixml.Value, error) { return c.writePipeline(cmds, o, p.version) },
	})
}

// GetMetadata queues GET_COMMAND_METADATA (MS-PSRP 3.1.4.5) as a pipeline of
// its own. The names may have wildcards; none means all commands. The answers
// are MetadataCount and Metadata events. Error: *StateError.
func (p *Pool) GetMetadata(id GUID, names []string) error {
	return p.create(id, "GetMetadata", pipeline{metadata: true}, post{
		pipeline: id, typ: MsgGetCommandMetadata, opens: true, payload: fixed(writeGetMetadata(names)),
	})
}

func (p *Pool) create(id GUID, action string, pipe pipeline, m post) error {
	if err := p.want(action, PoolOpened); err != nil {
		return err
	}
	if old := p.pipelines[id]; old != nil || id == (GUID{}) {
		is := "the pool's id"
		if old != nil {
			is = old.state.String()
		}
		return &StateError{Action: action, Pipeline: id, Is: is, Want: "new"}
	}
	if err := p.post(m); err != nil {
		return err
	}
	pipe.state = PipelineRunning
	p.pipelines[id] = &pipe
	p.stream(id)
	return nil
}

// Adopt notes a pipeline that runs on the server already: one of a pool that
// was connected to. Error: *StateError.
func (p *Pool) Adopt(id GUID) error {
	if p.pipelines[id] != nil || id == (GUID{}) {
		return &StateError{Action: "Adopt", Pipeline: id, Is: "known", Want: "new"}
	}
	p.pipelines[id] = &pipeline{state: PipelineRunning}
	p.stream(id)
	return nil
}

// Input queues one object of input; nil is a null. Secrets in it are encrypted.
// Errors: *StateError, *clixml.EncodeError.
func (p *Pool) Input(id GUID, v clixml.Value) error {
	if _, err := p.inputOf("Input", id); err != nil {
		return err
	}
	return p.post(post{
		pipeline: id, typ: MsgPipelineInput,
		payload: func(c *converter) (clixml.Value, error) { return c.value(v) },
	})
}

// EndInput queues END_OF_PIPELINE_INPUT. Error: *StateError.
func (p *Pool) EndInput(id GUID) error {
	pipe, err := p.inputOf("EndInput", id)
	if err != nil {
		return err
	}
	pipe.input = false
	return p.post(post{pipeline: id, typ: MsgEndOfPipelineInput, payload: fixed(nil)})
}

func (p *Pool) inputOf(action string, id GUID) (*pipeline, error) {
	pipe := p.pipelines[id]
	switch {
	case pipe == nil:
		return nil, &StateError{Action: action, Pipeline: id, Is: "unknown", Want: PipelineRunning.String()}
	case pipe.state != PipelineRunning:
		return nil, &StateError{Action: action, Pipeline: id, Is: pipe.state.String(), Want: PipelineRunning.String()}
	case !pipe.input:
		return nil, &StateError{Action: action, Pipeline: id, Is: "without input", Want: "open for input"}
	}
	return pipe, nil
}

// Answer queues the answer to a host call; nil is a null. A prompt is answered
// with a map[string]any by field name, a choice with an int32, several choices
// with ChoicesAnswer, a credential with a cmdlet.PSCredential, a secret with a
// cmdlet.Secret. Errors: *StateError, *clixml.EncodeError.
func (p *Pool) Answer(c HostCall, v clixml.Value) error {
	return p.respond(c, func(conv *converter) (clixml.Property, error) {
		answer, err := conv.value(v)
		return prop("mr", answer), err
	})
}

// AnswerError queues an error as the answer to a host call. Error: *StateError.
func (p *Pool) AnswerError(c HostCall, message string) error {
	record := writeError(&RemoteError{
		Message: message, ExceptionType: "System.Management.Automation.Host.HostException",
		FullyQualifiedID: "HostCallFailed", CategoryReason: "HostException",
	})
	return p.respond(c, func(*converter) (clixml.Property, error) { return prop("me", record), nil })
}

func (p *Pool) respond(c HostCall, result func(*converter) (clixml.Property, error)) error {
	key := hostCallKey{c.Pipeline, c.ID}
	if !p.asked[key] {
		return &StateError{Action: "Answer", Pipeline: c.Pipeline, Is: "without such a call", Want: "waiting for this answer"}
	}
	typ := MsgPipelineHostResponse
	if c.Pipeline == (GUID{}) {
		typ = MsgRunspacePoolHostResponse
	}
	err := p.post(post{
		pipeline: c.Pipeline, stream: StreamPrompt, typ: typ,
		payload: func(conv *converter) (clixml.Value, error) {
			r, err := result(conv)
			if err != nil {
				return nil, err
			}
			o := bag(prop("ci", c.ID), prop("mi", hostMethod(c.Method)))
			if r.Value != nil {
				o.Extended = append([]clixml.Property{r}, o.Extended...)
			}
			return o, nil
		},
	})
	if err == nil {
		delete(p.asked, key)
	}
	return err
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

// Stop notes that the transport sends the stop signal for a pipeline; input
// and answers that wait to be sent are dropped. A pipeline of which Outgoing
// has given nothing yet is stopped at once and needs no signal: PipelineState
// tells. Error: *StateError.
func (p *Pool) Stop(id GUID) error {
	pipe := p.pipelines[id]
	if pipe == nil {
		return &StateError{Action: "Stop", Pipeline: id, Is: "unknown", Want: PipelineRunning.String()}
	}
	switch {
	case pipe.state.Final() || pipe.state == PipelineStopping:
		return nil
	case p.unsent(id):
		pipe.state = PipelineStopped
	default:
		pipe.state = PipelineStopping
	}
	pipe.input = false
	p.discard(id)
	return nil
}

// Forget frees what is kept of a pipeline and drops what was still to be sent
// for it.
func (p *Pool) Forget(id GUID) {
	if id == (GUID{}) {
		return
	}
	if s := p.in[id]; s != nil {
		s.asm.release(&p.held)
		delete(p.in, id)
	}
	delete(p.pipelines, id)
	for key := range p.asked {
		if key.pipeline == id {
			delete(p.asked, key)
		}
	}
	p.discard(id)
}

// discard drops the messages of a pipeline that have not begun to go out.
func (p *Pool) discard(id GUID) {
	kept := p.deferred[:0]
	for _, m := range p.deferred {
		if m.pipeline != id {
			kept = append(kept, m)
		}
	}
	clear(p.deferred[len(kept):])
	p.deferred = kept
	p.out.drop(id)
}

// unsent tells whether the message that opens a pipeline still waits.
func (p *Pool) unsent(id GUID) bool {
	for _, m := range p.deferred {
		if m.pipeline == id && m.opens {
			return true
		}
	}
	for i := p.out.first; i < len(p.out.waiting); i++ {
		m := &p.out.waiting[i]
		if m.pipeline == id && m.opens && !m.started {
			return true
		}
	}
	return false
}

// Closing notes that the transport closes the pool.
func (p *Pool) Closing() {
	if !p.state.Final() {
		p.state = PoolClosing
	}
}

// Disconnected notes that the transport disconnected the pool. Error:
// *StateError.
func (p *Pool) Disconnected() error {
	if err := p.want("Disconnected", PoolOpened); err != nil {
		return err
	}
	p.state = PoolDisconnected
	for _, pipe := range p.pipelines {
		if pipe.state == PipelineRunning {
			pipe.state = PipelineDisconnected
		}
	}
	return nil
}

// Reconnected notes that the transport reconnected the pool. Error: *StateError.
func (p *Pool) Reconnected() error {
	if err := p.want("Reconnected", PoolDisconnected); err != nil {
		return err
	}
	p.state = PoolOpened
	for _, pipe := range p.pipelines {
		if pipe.state == PipelineDisconnected {
			pipe.state = PipelineRunning
		}
	}
	return nil
}

func (p *Pool) want(action string, s PoolState) error {
	if p.state != s {
		return &StateError{Action: action, Is: p.state.String(), Want: s.String()}
	}
	return nil
}

// RequestKey begins the key exchange, unless it has begun: KeyReady says when
// it is done. It takes place by itself when a secret is sent or arrives. Errors:
// *StateError, or no randomness.
func (p *Pool) RequestKey() error {
	if err := p.want("RequestKey", PoolOpened); err != nil {
		return err
	}
	if p.own != nil {
		return nil
	}
	own, err := rsa.GenerateKey(p.random, rsaBits)
	if err != nil {
		return fmt.Errorf("psrp: key pair: %w", err)
	}
	p.own = own
	return p.post(post{typ: MsgPublicKey, payload: fixed(bag(prop("PublicKey", publicKeyBlob(&own.PublicKey))))})
}

// Decrypt gives the text of a SecureString. Errors: ErrNoKey before the
// exchange, ErrBadSecureString.
func (p *Pool) Decrypt(s clixml.SecureString) (string, error) {
	if p.cipher == nil {
		return "", ErrNoKey
	}
	return p.cipher.decrypt(s)
}

// post is a message that is to be sent. Its payload is made when it is queued,
// since secrets in it need the session key.
type post struct {
	pipeline GUID
	stream   string // empty: StreamInput
	typ      MessageType
	opens    bool
	payload  func(*converter) (clixml.Value, error)
	ready    []byte // the payload when it needs no making
}

// fixed is the payload of a message without secrets.
func fixed(v clixml.Value) func(*converter) (clixml.Value, error) {
	return func(*converter) (clixml.Value, error) { return v, nil }
}

// post queues a message, or puts it aside until there is a key. What follows it
// on the same pipeline waits too, so that the order stays.
func (p *Pool) post(m post) error {
	waiting := false
	for i := range p.deferred {
		waiting = waiting || p.deferred[i].pipeline == m.pipeline && m.typ != MsgPublicKey
	}
	if !waiting {
		payload, err := encodePayload(&converter{seal: p.sealer()}, m.payload)
		if err == nil {
			p.queue(m, payload)
			return nil
		}
		if !errors.Is(err, errSecret) {
			return err
		}
	}
	// Whether it can be written at all must be known now, not when the key comes.
	if _, err := encodePayload(&converter{seal: func(string) clixml.SecureString { return "" }}, m.payload); err != nil {
		return err
	}
	if err := p.RequestKey(); err != nil {
		return err
	}
	p.deferred = append(p.deferred, m)
	return nil
}

func (p *Pool) sealer() func(string) clixml.SecureString {
	if p.cipher == nil {
		return nil
	}
	return p.cipher.encrypt
}

func encodePayload(c *converter, build func(*converter) (clixml.Value, error)) ([]byte, error) {
	v, err := build(c)
	if err != nil || v == nil {
		return nil, err
	}
	return clixml.Append(nil, v)
}

func (p *Pool) queue(m post, payload []byte) {
	if m.stream == "" {
		m.stream = StreamInput
	}
	p.out.push(newOutMessage(toServer, m.typ, p.options.ID, m.pipeline, m.stream, payload))
	p.out.last().opens = m.opens
}

// keyArrived takes ENCRYPTED_SESSION_KEY and queues what waited for it.
func (p *Pool) keyArrived(o *clixml.Object) error {
	if p.own == nil {
		return errors.New("a session key that was not asked for")
	}
	key, err := unwrapSessionKey(p.own, getText(o, "EncryptedSessionKey"))
	if err != nil {
		return err
	}
	if p.cipher, err = newSessionCipher(key); err != nil {
		return err
	}
	waiting := p.deferred
	p.deferred = nil
	for _, m := range waiting {
		if err := p.post(m); err != nil {
			return err
		}
	}
	return nil
}

// Outgoing gives the next bytes to send: whole fragments, at most max bytes,
// of which MinPacket is the least. false when nothing waits.
func (p *Pool) Outgoing(max int) (Packet, bool) {
	first := p.out.front()
	if first == nil || max < MinPacket {
		return Packet{}, false
	}
	packet := Packet{Pipeline: first.pipeline, Stream: first.stream, Opens: first.opens && !first.started}
	if packet.Pipeline == (GUID{}) {
		packet.Opens = packet.Opens && !p.opened
		p.opened = true
	}
	packet.Data = p.out.appendFragments(nil, max, p.nextObjectID, func(m *outMessage) bool {
		return m.pipeline == packet.Pipeline && m.stream == packet.Stream && (m.opens || !packet.Opens)
	})
	return packet, true
}

func (p *Pool) nextObjectID() uint64 {
	p.objectID++
	return p.objectID
}

// secureMark is how a SecureString begins on the wire.
func secureMark() []byte { return []byte("<SS") }

// mindSecure begins the key exchange when the first SecureString arrives before
// any key, as PowerShell's client does.
func (p *Pool) mindSecure(payload []byte) error {
	if p.own != nil || p.state != PoolOpened || !bytes.Contains(payload, secureMark()) {
		return nil
	}
	return p.RequestKey()
}
