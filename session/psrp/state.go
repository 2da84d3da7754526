package psrp

import "strconv"

// PoolState is the state of a runspace pool (MS-PSRP 2.2.3.4, RunspacePoolState).
type PoolState int32

// The states of a pool, with the numbers of the wire.
const (
	PoolBeforeOpen           PoolState = 0
	PoolOpening              PoolState = 1
	PoolOpened               PoolState = 2
	PoolClosed               PoolState = 3
	PoolClosing              PoolState = 4
	PoolBroken               PoolState = 5
	PoolNegotiationSent      PoolState = 6
	PoolNegotiationSucceeded PoolState = 7
	PoolConnecting           PoolState = 8
	PoolDisconnected         PoolState = 9
)

// String gives the name of MS-PSRP.
func (s PoolState) String() string {
	names := [...]string{
		"BeforeOpen", "Opening", "Opened", "Closed", "Closing", "Broken",
		"NegotiationSent", "NegotiationSucceeded", "Connecting", "Disconnected",
	}
	if s >= 0 && int(s) < len(names) {
		return names[s]
	}
	return "PoolState(" + strconv.Itoa(int(s)) + ")"
}

// Final says that the pool is closed or broken: nothing more will come of it.
func (s PoolState) Final() bool { return s == PoolClosed || s == PoolBroken }

// PipelineState is the state of a pipeline (MS-PSRP 2.2.3.5, PSInvocationState).
type PipelineState int32

// The states of a pipeline, with the numbers of the wire.
const (
	PipelineNotStarted   PipelineState = 0
	PipelineRunning      PipelineState = 1
	PipelineStopping     PipelineState = 2
	PipelineStopped      PipelineState = 3
	PipelineCompleted    PipelineState = 4
	PipelineFailed       PipelineState = 5
	PipelineDisconnected PipelineState = 6
)

// String gives the name of MS-PSRP.
func (s PipelineState) String() string {
	names := [...]string{"NotStarted", "Running", "Stopping", "Stopped", "Completed", "Failed", "Disconnected"}
	if s >= 0 && int(s) < len(names) {
		return names[s]
	}
	return "PipelineState(" + strconv.Itoa(int(s)) + ")"
}

// Final says that the pipeline has ended: stopped, completed or failed.
func (s PipelineState) Final() bool {
	return s == PipelineStopped || s == PipelineCompleted || s == PipelineFailed
}
