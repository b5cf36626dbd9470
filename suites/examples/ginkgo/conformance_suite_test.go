// Package ginkgo shows how a Ginkgo suite of a server's own takes in the checks of its contract, for two servers at once.
package ginkgo

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/suites"
)

func TestServer(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: these judge by all checks, and wait for lifetimes to end")
	}
	RegisterFailHandler(Fail)
	RunSpecs(t, "A server and its contract")
}

// In place of the reference servers a project starts its own, or waits for one that a BeforeSuite has started, and describes
// it as a target file would. The function is called when the first spec of the target is about to run.
func start(profile string) func() *target.Target {
	return func() *target.Target {
		server, err := reference.Serve(reference.Options{Profile: profile, Lifetimes: reference.ShortLifetimes()})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(server.Close)
		return server.Target()
	}
}

var _ = suites.Describe("pyramid-2018.5", start("pyramid-2018.5"))

var _ = Describe("the tokens of another server", Label("tokens"), func() {
	suites.Describe("aria-operations-8", start("aria-operations-8"))

	It("has specs of its own beside them", func() { Expect(1 + 1).To(Equal(2)) })
})
