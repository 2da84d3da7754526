//go:build race

package desktest

// RaceDetector says that the tests run under the race detector, where painting
// takes a minute and finds nothing.
const RaceDetector = true
