package psrp

import (
	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// Server is a server's half of one runspace pool.
type Server struct{}

// NewServer makes a server that waits for its client.
func NewServer(o ServerOptions) *Server { return &Server{} }

// Receive takes bytes of one stream and gives the requests in them.
func (s *Server) Receive(stream GUID, b []byte) ([]Event, error) { return nil, errNotYet }

// Opened answers Opening.
func (s *Server) Opened(private clixml.Value) error { return errNotYet }

// Connected answers Connecting.
func (s *Server) Connected(private clixml.Value) error { return errNotYet }

// Broken says that the pool cannot go on.
func (s *Server) Broken(err *RemoteError) error { return errNotYet }

// Closed sends the states Closing and Closed.
func (s *Server) Closed() error { return errNotYet }

// Output sends one object.
func (s *Server) Output(id GUID, v clixml.Value) error { return errNotYet }

// OutputPayload sends one object that is CLIXML already; clixml is borrowed until sent.
func (s *Server) OutputPayload(id GUID, clixml []byte) error { return errNotYet }

// Error sends an ERROR_RECORD.
func (s *Server) Error(id GUID, err *RemoteError) error { return errNotYet }

// Record sends a warning, verbose or debug record.
func (s *Server) Record(r Record) error { return errNotYet }

// Progress sends a progress record.
func (s *Server) Progress(p Progress) error { return errNotYet }

// Information sends an information record.
func (s *Server) Information(i Information) error { return errNotYet }

// HostCall calls a method of the client's host; id zero: on the pool.
func (s *Server) HostCall(id GUID, m HostMethod, params ...clixml.Value) (int64, error) {
	return 0, errNotYet
}

// Metadata answers GetCommandMetadata, and does not finish the pipeline.
func (s *Server) Metadata(id GUID, cmdlets []cmdlet.Cmdlet) error { return errNotYet }

// Finish ends a pipeline.
func (s *Server) Finish(id GUID, state PipelineState, err *RemoteError) error { return errNotYet }

// Available answers GetAvailable.
func (s *Server) Available(callID, count int64) error { return errNotYet }

// Accept answers SetRunspaces or ResetState with yes.
func (s *Server) Accept(callID int64) error { return errNotYet }

// Refuse answers SetRunspaces or ResetState with no.
func (s *Server) Refuse(callID int64) error { return errNotYet }

// UserEvent forwards an event.
func (s *Server) UserEvent(e UserEvent) error { return errNotYet }

// RequestKey asks the client for its public key.
func (s *Server) RequestKey() error { return errNotYet }

// Decrypt gives the text of a SecureString.
func (s *Server) Decrypt(v clixml.SecureString) (string, error) { return "", ErrNoKey }

// Drop forgets a pipeline and what is still to be sent for it.
func (s *Server) Drop(id GUID) {}

// Pending gives the number of bytes that wait to be sent on a stream.
func (s *Server) Pending(stream GUID) int { return 0 }

// Outgoing gives whole fragments of a stream, at most max bytes, nil when there are none.
func (s *Server) Outgoing(stream GUID, max int) []byte { return s.AppendOutgoing(nil, stream, max) }

// AppendOutgoing is Outgoing into the caller's buffer.
func (s *Server) AppendOutgoing(dst []byte, stream GUID, max int) []byte { return dst }
