package check

import (
	"errors"
	"net"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
)

// byProxy is the problem of a first request that ended at the proxy which the environment names; nil for any other.
func byProxy(err error) *Problem {
	const noProxy = "or name the host in NO_PROXY where it is reached without a proxy"
	proxy, answered := errors.AsType[*client.ProxyError](err)
	network, failed := errors.AsType[*net.OpError](err)
	switch {
	case answered && proxy.Status == http.StatusProxyAuthRequired:
		return &Problem{proxy.Error(), "put them into the proxy's URL in the environment (HTTP_PROXY and HTTPS_PROXY), as http://user:password@host:port, " + noProxy}
	case answered:
		return &Problem{proxy.Error(), "have the proxy allow it, " + noProxy}
	case failed && network.Op == "proxyconnect":
		return &Problem{"the proxy that the environment names cannot be reached: " + evidence.OneLine(network.Err.Error()),
			"check HTTP_PROXY and HTTPS_PROXY, " + noProxy}
	}
	return nil
}
