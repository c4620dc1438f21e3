using System.Text;
using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What a host is configured with to use a mapped volume: where each leg is, and how to put the legs together.</summary>
internal static class ConnectInfoView
{
    /// <summary>Reads it; secrets in the clear.</summary>
    public static ConnectInfo Of(IStationTransaction transaction, Domain.Mapping mapping, ISecretProtector protector)
    {
        Domain.Volume volume = transaction.Require<Domain.Volume>(mapping.VolumeId, "volume");
        Domain.Host host = transaction.Require<Domain.Host>(mapping.HostId, "host");
        ConnectLeg[] legs = [.. transaction.LegsOf(mapping).Select(leg => Leg(transaction, leg.Leg, leg.Mapped, protector))];
        return new ConnectInfo(host.InitiatorName, volume.Id, volume.Name, mapping.ReadOnly, Assembly(volume), legs)
        {
            Incoming = LegReplacements.IncomingOf(transaction, mapping) is { } incoming ? Leg(transaction, incoming.Leg, incoming.Mapped, protector) : null,
        };
    }

    private static ConnectLeg Leg(IStationTransaction transaction, Domain.Leg leg, Domain.MappedLeg mapped, ISecretProtector protector)
    {
        Domain.Unit unit = transaction.Require<Domain.Unit>(leg.UnitId, "unit");
        Credential credential = MappingPlan.CredentialOf(transaction, mapped.HostId, mapped.UnitId);
        return new ConnectLeg(
            leg.Index, unit.TargetName, unit.Portals, mapped.Lun, leg.SizeBytes, Naa.Of(leg.Id), Naa.SerialNumber(leg.Id),
            credential.UserName, Encoding.ASCII.GetString(protector.Unprotect(credential.ProtectedToldSecret)))
        {
            TargetChapUser = credential.ProtectedToldTargetSecret is null ? null : CredentialSecrets.TargetUserName(leg.UnitId),
            TargetChapSecret = credential.ProtectedToldTargetSecret is { } told ? Encoding.ASCII.GetString(protector.Unprotect(told)) : null,
        };
    }

    private static Assembly Assembly(Domain.Volume volume) => volume.Layout.Kind switch
    {
        LayoutKind.Single => new Assembly(AssemblyMethod.None, volume.SizeBytes, ChunkBytes: null, DataOffsetBytes: null),
        LayoutKind.Mirror => new Assembly(AssemblyMethod.MdRaid1, volume.SizeBytes, ChunkBytes: null, volume.Layout.ReserveBytes),
        LayoutKind.Stripe => new Assembly(AssemblyMethod.DmStriped, volume.SizeBytes, VolumeLayout.StripeChunkBytes, DataOffsetBytes: null),
        LayoutKind.Concat => new Assembly(AssemblyMethod.DmLinear, volume.SizeBytes, ChunkBytes: null, DataOffsetBytes: null),
    };
}
