# make interop: every peer that is here, everything with everything, and the table of docs/interop.md made anew.
# PEERS=gnutls,nss: these alone; the rows of the others stay as the last run on this machine wrote them.
interop: $(BUILD)/vitrine ## other people's TLS at the other end, both roles; writes docs/interop.md; PEERS=nss,go: these alone
	@VITRINE=$(BUILD)/vitrine sh tests/interop/peers.sh --all $(if $(PEERS),--peers $(PEERS)) \
	    --kept $(BUILD)/interop.json --table docs/interop.md
scanners: $(BUILD)/vitrine ## testssl.sh and sslscan look for weaknesses of serve; writes docs/interop.md
	@VITRINE=$(BUILD)/vitrine sh tests/interop/peers/scanners.sh docs/interop.md
.PHONY: interop scanners
