using System.Globalization;
using VSan.Contracts.Api;

namespace VSan.HostAgent.Planning;

/// <summary>Tables of the device mapper: stripes and concatenations.</summary>
internal static class DeviceTable
{
    private const int SectorBytes = 512;

    /// <summary>The table of a volume over these disks.</summary>
    public static string Of(ConnectInfo info, IReadOnlyList<string> disks) => info.Assembly.Method switch
    {
        AssemblyMethod.DmStriped => string.Create(CultureInfo.InvariantCulture, $"0 {info.Assembly.SizeBytes / SectorBytes} striped {disks.Count} {info.Assembly.ChunkBytes / SectorBytes} {string.Join(' ', disks.Select(disk => $"{disk} 0"))}"),
        AssemblyMethod.DmLinear => Linear(info.Legs, disks),
        AssemblyMethod.None or AssemblyMethod.MdRaid1 => throw new ArgumentException($"{info.Assembly.Method} has no table.", nameof(info)),
    };

    private static string Linear(IReadOnlyList<ConnectLeg> legs, IReadOnlyList<string> disks)
    {
        List<string> lines = [];
        long start = 0;
        for (int index = 0; index < legs.Count; index++)
        {
            long sectors = legs[index].SizeBytes / SectorBytes;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{start} {sectors} linear {disks[index]} 0"));
            start += sectors;
        }

        return string.Join('\n', lines);
    }
}
