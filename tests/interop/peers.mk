# make interop: every peer that is here, everything with everything, and the table of docs/interop.md made anew.
# PEERS=gnutls,nss: these alone, and no table.
interop: $(BUILD)/vitrine ## other people's TLS at the other end, both roles; writes docs/interop.md; PEERS=nss,go: these alone
	@VITRINE=$(BUILD)/vitrine sh tests/interop/peers.sh --all $(if $(PEERS),--peers $(PEERS),--table docs/interop.md)
.PHONY: interop
