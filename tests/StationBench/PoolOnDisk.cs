using VSan.Contracts.UnitLink;
using VSan.Station.Domain;
using VSan.Station.Store.Sqlite;

namespace VSan.Tests.StationBench;

/// <summary>A pool that is there already: so many units with one store each, volumes spread over them, one in ten mapped to a host.</summary>
internal static class PoolOnDisk
{
    public const string Portal = "127.0.0.1:3260";

    private const int Batch = 1000;
    private const int Hosts = 100;
    private const long VolumeBytes = 1L << 30;
    private const long StoreBytes = 1L << 44;

    private static readonly DateTimeOffset Past = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What a unit says of its one store.</summary>
    public static StoreInventory Inventory(Guid unitId) => new(StoreOf(unitId), "store", StoreBytes, StoreBytes / 2, Reflink: true, []);

    /// <summary>Fills an empty database.</summary>
    /// <returns>The units.</returns>
    public static async Task<Guid[]> FillAsync(SqliteStore store, int units, int volumes)
    {
        Unit[] members = [.. Enumerable.Range(0, units).Select(Member)];
        Host[] hosts = [.. Enumerable.Range(0, Hosts).Select(index => new Host(Id(index, 1), $"host-{index}", $"iqn.2026-01.test:host-{index}", Past))];
        int each = (volumes + units - 1) / units;
        await store.WriteAsync(
            transaction =>
            {
                foreach (Unit unit in members)
                {
                    transaction.Table<Unit>().Insert(unit);
                    transaction.Table<Store>().Insert(new Store(StoreOf(unit.Id), unit.Id, "store", StoreBytes, StoreBytes / 2, each * VolumeBytes));
                }

                foreach (Host host in hosts)
                {
                    transaction.Table<Host>().Insert(host);
                    foreach (Unit unit in members.Where((_, index) => index % Hosts == Array.IndexOf(hosts, host)))
                        transaction.Table<Credential>().Insert(new Credential(Guid.NewGuid(), host.Id, unit.Id, "user", "secret"u8.ToArray()));
                }

                return true;
            },
            CancellationToken.None);
        for (int first = 0; first < volumes; first += Batch)
        {
            int from = first;
            await store.WriteAsync(
                transaction =>
                {
                    for (int index = from; index < Math.Min(volumes, from + Batch); index++)
                    {
                        Unit unit = members[index % units];
                        Volume volume = transaction.Table<Volume>().Insert(new Volume(Id(index, 2), Project.Default.Id, $"volume-{index}", VolumeLayout.Single, VolumeBytes, 512, Thin: true, "bench", VolumeState.Ready, Past));
                        Leg leg = transaction.Table<Leg>().Insert(new Leg(Id(index, 3), volume.Id, unit.Id, StoreOf(unit.Id), Index: 0, LegRole.Whole, VolumeBytes));
                        if (index / units % 10 != 0) continue;
                        Mapping mapping = transaction.Table<Mapping>().Insert(new Mapping(Id(index, 4), volume.Id, hosts[index % units % Hosts].Id, ReadOnly: false, MappingState.Active));
                        transaction.Table<MappedLeg>().Insert(new MappedLeg(Id(index, 5), mapping.Id, leg.Id, mapping.HostId, unit.Id, index / units));
                    }

                    return true;
                },
                CancellationToken.None);
        }

        return [.. members.Select(unit => unit.Id)];
    }

    private static Unit Member(int index) => new(
        Id(index, 0), $"unit-{index}", UnitPhase.Ready, $"key-{index}", "AAAA-BBBB", "sn", "1", ["127.0.0.1"], [Portal], 1, Past, 100);

    // As identities of version 7 are: ordered by the time of their making.
    private static Guid Id(int index, int kind)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(Past + TimeSpan.FromMilliseconds(index)).TryWriteBytes(bytes);
        bytes[15] = (byte)kind;
        return new Guid(bytes);
    }

    private static Guid StoreOf(Guid unitId)
    {
        byte[] bytes = unitId.ToByteArray();
        Array.Reverse(bytes);
        return new Guid(bytes);
    }
}
