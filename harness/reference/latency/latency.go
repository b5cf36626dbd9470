// Package latency is the wait of a reference server before each answer.
package latency

import (
	"context"
	"time"
)

// Wait lets a time pass. It reports false when the request's context or the server ended before that; a server that
// has closed already is not waited for, also when there is no time to pass.
func Wait(request context.Context, closed <-chan struct{}, d time.Duration) bool {
	select {
	case <-closed:
		return false
	default:
	}
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-closed:
		return false
	case <-request.Done():
		return false
	}
}
