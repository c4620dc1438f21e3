using VSan.Contracts.Enrolment;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Decides over the startup packets of hosts. The key is the host: the same key is given its next certificate, whatever it sends. A new one
/// needs a token, which is for one host that a person has added, or makes a host of whoever proves it.
/// </summary>
internal sealed class HostEnrolment(Ledger ledger, ICertificateAuthority authority)
{
    /// <summary>Decides; an admitted host is given a fresh certificate.</summary>
    public async Task<EnrolmentDecision> AdmitAsync(StartupPacket packet, MemberKey key, string peerAddress, CancellationToken cancellationToken)
    {
        try
        {
            await ledger.WriteAsync((transaction, now) => Decide(transaction, now, packet, key, peerAddress), cancellationToken);
        }
        catch (ProblemException problem)
        {
            await ledger.AuditAsync(peerAddress, "host.enrol", $"host/{packet.MemberId}", problem.Code, cancellationToken);
            throw;
        }

        return new EnrolmentDecision.Approved(packet.MemberId, key.ShortCode, authority.Issue(packet.MemberId, MemberKind.Host, packet.CertificateRequest));
    }

    private bool Decide(IStationTransaction transaction, DateTimeOffset now, StartupPacket packet, MemberKey key, string peerAddress)
    {
        ITable<HostMember> members = transaction.Table<HostMember>();
        HostMember? known = members.Find(packet.MemberId);
        if ((known is not null && known.KeyHash != key.Hash) || (known is null && members.Where(Lookups.HostMemberKey, key.Hash) is not []))
            throw new ProblemException("identity-conflict", $"Member {packet.MemberId} and this key do not belong together.", "Join from an empty directory.");
        if (known is null)
        {
            Host host = Host(transaction, now, packet);
            members.Insert(new HostMember(packet.MemberId, host.Id, key.Hash, now));
            transaction.AppendEvent(now, "host.enrolled", $"host/{host.Id}", $"Host {host.Name} has joined and asks for itself.");
        }

        transaction.AppendAudit(now, peerAddress, known is null ? "host.enrol" : "host.renew", $"host/{(known ?? members.Find(packet.MemberId))!.HostId}", "granted");
        return true;
    }

    private Host Host(IStationTransaction transaction, DateTimeOffset now, StartupPacket packet)
    {
        if (packet.Proof is not { } proof)
            throw new ProblemException("token-invalid", "A host joins by a token, and the packet proves none.", "Make one: vsan host enroll-token.");
        Token token = TokenAtTheDoor.Prove(transaction, packet, proof, authority.Fingerprint);
        TokenAtTheDoor.Use(transaction, now, token);
        Host host = token.HostId is not { } hostId ? HostService.Insert(transaction, now, packet.SystemName, packet.InitiatorName)
            : transaction.Table<Host>().Find(hostId) ?? throw new ProblemException("token-invalid", "The host that the token was made for is gone.", "Make a new token.");
        if (transaction.Table<HostMember>().Where(Lookups.HostMemberHost, host.Id.ToString()) is not [])
            throw new ProblemException("identity-conflict", $"Host {host.Name} has a certificate already.", $"Revoke it first: vsan host revoke {host.Name}.");
        return host;
    }
}
