using VSan.Contracts.Enrolment;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>
/// Decides over startup packets. The key is the member: the same key is the same unit, whatever it sends; the same identity under
/// another key is refused. Sending a packet again changes nothing, and a token is used once for each member that it lets in.
/// </summary>
public sealed class EnrolmentService
{
    /// <summary>Units that may wait for a person at once: more would only hide the one that is looked for, and fill the store.</summary>
    private const int PendingMax = 1000;

    private readonly Ledger _ledger;
    private readonly ICertificateAuthority _authority;
    private readonly UnitReconcilers _reconcilers;
    private readonly HostEnrolment _hosts;

    internal EnrolmentService(Ledger ledger, ICertificateAuthority authority, UnitReconcilers reconcilers)
    {
        _ledger = ledger;
        _authority = authority;
        _reconcilers = reconcilers;
        _hosts = new HostEnrolment(ledger, authority);
    }

    /// <summary>Decides over a startup packet; an approved member is given a fresh certificate.</summary>
    /// <param name="packet">The packet, as it came.</param>
    /// <param name="peerAddress">Whence, for the audit log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EnrolmentDecision> AdmitAsync(StartupPacket packet, string peerAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(packet);
        PacketRules.Check(packet);
        MemberKey key = MemberKey.Read(packet.CertificateRequest, _authority.Fingerprint);
        if (packet.Kind == MemberKind.Host) return await _hosts.AdmitAsync(packet, key, peerAddress, cancellationToken);
        Unit unit = await DecideAsync(packet, key, peerAddress, cancellationToken);
        if (!unit.IsAdmitted) return new EnrolmentDecision.Pending(unit.ShortCode);
        _reconcilers.Of(unit.Id).Wake();
        return new EnrolmentDecision.Approved(unit.Id, unit.ShortCode, _authority.Issue(unit.Id, packet.Kind, packet.CertificateRequest));
    }

    /// <summary>The next certificate of a member that is linked, and thereby known; the request must be of the key that it was admitted with.</summary>
    /// <param name="memberId">Whose certificate opened the link.</param>
    /// <param name="certificateRequestBase64">PKCS#10, DER, base64.</param>
    /// <param name="peerAddress">Whence, for the audit log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The certificate, PEM.</returns>
    public async Task<string> RenewAsync(Guid memberId, string certificateRequestBase64, string peerAddress, CancellationToken cancellationToken)
    {
        MemberKey key = MemberKey.Read(certificateRequestBase64, _authority.Fingerprint);
        bool granted = await _ledger.WriteAsync(
            (transaction, now) =>
            {
                bool isKnown = transaction.Table<Unit>().Find(memberId) is { IsAdmitted: true } unit && unit.KeyHash == key.Hash;
                transaction.AppendAudit(now, peerAddress, "unit.renew", $"unit/{memberId}", isKnown ? "granted" : "identity-conflict");
                return isKnown;
            },
            cancellationToken);
        if (!granted) throw new ProblemException("identity-conflict", $"Unit {memberId} is not admitted with this key.");
        return _authority.Issue(memberId, MemberKind.Unit, certificateRequestBase64);
    }

    private async Task<Unit> DecideAsync(StartupPacket packet, MemberKey key, string peerAddress, CancellationToken cancellationToken)
    {
        try
        {
            return await _ledger.WriteAsync((transaction, now) => Decide(transaction, now, packet, key, peerAddress), cancellationToken);
        }
        catch (ProblemException problem)
        {
            await _ledger.AuditAsync(peerAddress, "unit.enrol", $"unit/{packet.MemberId}", problem.Code, cancellationToken);
            throw;
        }
    }

    private Unit Decide(IStationTransaction transaction, DateTimeOffset now, StartupPacket packet, MemberKey key, string peerAddress)
    {
        ITable<Unit> units = transaction.Table<Unit>();
        Unit? known = units.Find(packet.MemberId);
        if (known is not null && known.KeyHash != key.Hash)
            throw new ProblemException("identity-conflict", $"Unit {packet.MemberId} is known by another key.", "Forget the old unit, or give this one a new identity.");
        if (known is null && units.Where(Lookups.UnitKey, key.Hash) is [var other])
            throw new ProblemException("identity-conflict", $"This key belongs to unit {other.Name}.", "A copied disk keeps its key: remove the copy's identity.");
        if (units.Where(Lookups.UnitName, packet.SystemName).Any(unit => unit.Id != packet.MemberId))
            throw new ProblemException("name-taken", $"There is a unit {packet.SystemName} already.", "Give this unit another name.");

        if (known is not null) RequireWelcome(known);
        Unit seen = (known ?? Fresh(transaction, packet, key, now)) with { Name = packet.SystemName, SerialNumber = packet.SerialNumber, ImageVersion = packet.ImageVersion };
        if (!seen.Addresses.SequenceEqual(packet.Addresses)) seen = seen with { Addresses = packet.Addresses };
        if (seen.Phase == UnitPhase.Pending && packet.Proof is { } proof) seen = Present(transaction, now, packet, proof, seen, isKnown: known is not null);
        if (known is not null) return seen == known ? known : Note(transaction, now, units.Update(seen), peerAddress, changedPhase: seen.Phase != known.Phase);

        if (seen.Phase == UnitPhase.Pending && units.CountWhere(Lookups.UnitPhase, nameof(UnitPhase.Pending)) >= PendingMax)
            throw new ProblemException("rate-limited", $"{PendingMax} units wait for approval already.", "Approve or forget some of them.");
        return Note(transaction, now, units.Insert(seen), peerAddress, changedPhase: true);
    }

    private static Unit Fresh(IStationTransaction transaction, StartupPacket packet, MemberKey key, DateTimeOffset now) => new(
        packet.MemberId, packet.SystemName, UnitPhase.Pending, key.Hash, key.ShortCode, packet.SerialNumber, packet.ImageVersion, packet.Addresses, [],
        (Forgetting.TakeTombstone(transaction, packet.MemberId, key.Hash)?.WantedGeneration + 1) ?? 0, now, null);

    private static void RequireWelcome(Unit unit)
    {
        if (unit.Phase == UnitPhase.Quarantined)
            throw new ProblemException("member-quarantined", $"{unit.Name} is set aside, because two machines were alive with its identity.", "Switch the copy off and erase its state, then approve the unit again.");
        if (unit.Phase == UnitPhase.Retired)
            throw new ProblemException("member-retired", $"{unit.Name} was retired.", "Approve the unit again, or forget it.");
    }

    // The unit as its token makes it. A unit that waits has used its token's place already, or has none to use.
    private Unit Present(IStationTransaction transaction, DateTimeOffset now, StartupPacket packet, TokenProof proof, Unit unit, bool isKnown)
    {
        Token token = TokenAtTheDoor.Prove(transaction, packet, proof, _authority.Fingerprint);
        if (isKnown && !token.AutoApprove) return unit;
        TokenAtTheDoor.Use(transaction, now, token);
        return unit with { Phase = token.AutoApprove ? UnitPhase.Joining : UnitPhase.Pending, Labels = unit.Labels.Count == 0 ? token.Labels : unit.Labels };
    }

    private static Unit Note(IStationTransaction transaction, DateTimeOffset now, Unit unit, string peerAddress, bool changedPhase)
    {
        if (!changedPhase) return unit;
        bool pending = unit.Phase == UnitPhase.Pending;
        transaction.AppendAudit(now, peerAddress, "unit.enrol", $"unit/{unit.Id}", pending ? "pending" : "granted");
        string message = pending ? $"{unit.Name} ({unit.ShortCode}) asks to join." : $"{unit.Name} ({unit.ShortCode}) was admitted by its token.";
        transaction.AppendEvent(now, pending ? "unit.pending" : "unit.admitted", $"unit/{unit.Id}", message);
        return unit;
    }
}
