using System.Collections.ObjectModel;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What units keep beside each leg, signed: written when a unit is handed its configuration, read when a station has to learn from units.</summary>
internal static class LegRecords
{
    /// <summary>Goes before the text, so that nothing else that the CA's key has signed can pass for a record.</summary>
    private const string Purpose = "vsan-leg-record/1\n";

    /// <summary>The records of a plan, by leg and by snapshot's copy.</summary>
    public static Dictionary<Guid, LegRecord> Of(IStationTransaction transaction, UnitPlan plan)
    {
        Dictionary<(Guid HostId, Guid LegId), Guid> mappings = transaction.Table<MappedLeg>().Where(Lookups.MappedLegUnit, plan.Unit.Id.ToString())
            .ToDictionary(mapped => (mapped.HostId, mapped.LegId), mapped => mapped.MappingId);
        ILookup<Guid, LegAccess> access = plan.Access
            .SelectMany(host => host.Luns.Select(lun => (LegId: lun.Leg.Id, Access: Access(mappings, host.Host, lun))))
            .ToLookup(pair => pair.LegId, pair => pair.Access);
        Dictionary<Guid, LegRecord> records = [];
        foreach ((Leg leg, Volume volume) in plan.Legs)
            records[leg.Id] = Record(transaction, plan.Unit, leg, volume, [.. access[leg.Id].OrderBy(one => one.InitiatorName, StringComparer.Ordinal)]);
        foreach ((SnapshotLeg copy, Snapshot snapshot, Volume volume) in plan.Snapshots)
            records[copy.Id] = Record(transaction, plan.Unit, copy, snapshot, volume);
        return records;
    }

    /// <summary>Signs records.</summary>
    public static Dictionary<Guid, SignedLegRecord> Sign(Dictionary<Guid, LegRecord> records, ICertificateAuthority authority) =>
        records.ToDictionary(record => record.Key, record => Sign(record.Value, authority));

    /// <summary>Signs one record.</summary>
    public static SignedLegRecord Sign(LegRecord record, ICertificateAuthority authority)
    {
        string text = JsonSerializer.Serialize(record, UnitLinkJson.Default.LegRecord);
        return new SignedLegRecord(text, Convert.ToBase64String(authority.Sign(Content(text))), authority.Fingerprint.Text);
    }

    /// <summary>Reads what a unit keeps beside a leg.</summary>
    /// <param name="unitId">The unit that it was found on.</param>
    /// <param name="found">The leg.</param>
    /// <param name="authority">This station's authority.</param>
    /// <param name="former">The authority of a station that is lost; null for none.</param>
    /// <param name="record">The record, when it is to be believed.</param>
    /// <returns>Null, or why it is not.</returns>
    public static string? Read(Guid unitId, FoundLeg found, ICertificateAuthority authority, X509Certificate2? former, out LegRecord? record)
    {
        record = null;
        if (found.Record is not { Text: not null, Signature: not null, Signer: not null } signed) return "it has no record of a station beside it";
        bool isFormer = former is not null && signed.Signer == CaFingerprint.Of(former).Text;
        if (!isFormer && signed.Signer != authority.Fingerprint.Text) return $"its record was signed by another station ({signed.Signer})";
        if (!TryDecode(signed.Signature, out byte[] signature)) return "its record's signature is no base64";
        if (!(isFormer ? LegSignature.Verify(former!, Content(signed.Text), signature) : authority.Verify(Content(signed.Text), signature))) return "its record's signature is wrong";
        LegRecord? read = Parse(signed.Text);
        if (read is null) return $"its record is not of format {LegRecord.FormatPresent}, which is all that this station reads";
        if ((read.UnitId, read.StoreId, read.LegId) != (unitId, found.StoreId, found.LegId)) return $"its record is of leg {read.LegId} on store {read.StoreId} of unit {read.UnitId}";
        record = read;
        return null;
    }

    private static LegRecord? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, UnitLinkJson.Default.LegRecord) is { Format: LegRecord.FormatPresent, Volume: { Name: not null, Project: not null, Layout: not null }, Access: not null } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Content(string text) => Encoding.UTF8.GetBytes(Purpose + text);

    private static bool TryDecode(string base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out int length)) return false;
        bytes = bytes[..length];
        return true;
    }

    private static LegAccess Access(Dictionary<(Guid HostId, Guid LegId), Guid> mappings, Host host, PlannedLun lun) =>
        new(mappings[(host.Id, lun.Leg.Id)], host.Id, host.Name, host.InitiatorName, lun.Lun, lun.ReadOnly);

    private static LegRecord Record(IStationTransaction transaction, Unit unit, Leg leg, Volume volume, IReadOnlyList<LegAccess> access) => new(
        LegRecord.FormatPresent, unit.Id, leg.StoreId, leg.Id, Record(transaction, volume), RoleNameOf(leg.Role), leg.Index,
        transaction.LegsOf(volume.Id).Count, leg.SizeBytes, Naa.Of(leg.Id), Naa.SerialNumber(leg.Id), access, Sorted(unit.Labels))
    {
        OriginId = leg.OriginId,
        IsPassing = transaction.LegsOf(volume.Id).All(one => one.Id != leg.Id),
    };

    private static LegRecord Record(IStationTransaction transaction, Unit unit, SnapshotLeg copy, Snapshot snapshot, Volume volume)
    {
        Leg? source = transaction.Table<Leg>().Find(copy.LegId);
        return new LegRecord(
            LegRecord.FormatPresent, unit.Id, copy.StoreId, copy.Id, Record(transaction, volume), RoleNameOf(source?.Role ?? volume.Layout.Role), source?.Index ?? 0,
            transaction.Table<SnapshotLeg>().CountWhere(Lookups.SnapshotLegSnapshot, snapshot.Id.ToString()), copy.SizeBytes, Naa.Of(copy.Id), Naa.SerialNumber(copy.Id), [], Sorted(unit.Labels))
        {
            Snapshot = new SnapshotRecord(snapshot.Id, snapshot.GroupId, snapshot.Name, copy.LegId, snapshot.CreatedAt, snapshot.TakenAt),
        };
    }

    private static VolumeRecord Record(IStationTransaction transaction, Volume volume) => new(
        volume.Id, volume.Generation, volume.Name, transaction.Project(volume.ProjectId).Name, volume.Owner, volume.Layout.ToString(), volume.SizeBytes,
        volume.BlockSizeBytes, volume.Thin, volume.CreatedAt)
    {
        Limits = volume.Limits is { } limits ? new LimitRecord(limits.MaxIops, limits.MaxBytesPerSecond, limits.BurstSeconds) : null,
    };

    // A dictionary has no order of its own; equal records are to have equal texts.
    private static ReadOnlyDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> labels) =>
        new(new SortedDictionary<string, string>(labels.ToDictionary(), StringComparer.Ordinal));

    private static string RoleNameOf(LegRole role) => role switch
    {
        LegRole.Whole => "whole",
        LegRole.Copy => "copy",
        LegRole.Stripe => "stripe",
        LegRole.Segment => "segment",
    };
}
