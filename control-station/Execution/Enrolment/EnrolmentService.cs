using VSan.Contracts.Enrolment;

namespace VSan.Station.Execution;

/// <summary>Admits members.</summary>
public sealed class EnrolmentService
{
    internal EnrolmentService()
    {
    }

    /// <summary>Decides over a startup packet. Sending the same packet again changes nothing.</summary>
    public Task<EnrolmentDecision> AdmitAsync(StartupPacket packet, string peerAddress, CancellationToken cancellationToken) => throw new NotImplementedException();
}
