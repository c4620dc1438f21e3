using VSan.Contracts.Enrolment;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.Link;

namespace VSan.Tests.Bench.Joins;

/// <summary>Takes one unit from its key to its link, with the agent's own code.</summary>
internal sealed class Admissions(BenchStation station, EnrolmentToken token)
{
    /// <summary>Startup packet, certificate, dialled connection.</summary>
    public async Task<DialledConnection> JoinAsync(JoiningUnit unit, CancellationToken cancellationToken)
    {
        using EnrolmentClient client = new(station.Address, station.Authority);
        EnrolmentAnswer answer = await client.SendAsync(Packet(unit), cancellationToken);
        if (answer is not { State: EnrolmentState.Approved, Certificate: { } certificate, CaCertificate: { } authority, LinkEndpoint: { } link })
            throw new InvalidOperationException($"{unit.Name} was not admitted: {answer.State}.");
        return await StationDialler.DialAsync(new Admission(certificate, authority, link), unit.Identity, cancellationToken);
    }

    private StartupPacket Packet(JoiningUnit unit)
    {
        StartupPacket packet = new(
            MemberKind.Unit, unit.Identity.MemberId, unit.Name, $"SN-{unit.Name}", unit.BootId, "bench", [unit.Address],
            [new NetworkCard("eth0", "02:00:00:00:00:01", 10_000)], unit.Identity.CertificateRequest(), Proof: null);
        return packet with { Proof = new TokenProof(token.Id, EnrolmentTranscript.Mac(token.ProofKey(), packet, station.Authority)) };
    }
}
