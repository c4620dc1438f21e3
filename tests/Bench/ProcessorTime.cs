using System.Globalization;

namespace VSan.Tests.Bench;

/// <summary>CPU time of a process, all threads.</summary>
internal static class ProcessorTime
{
    // USER_HZ, which Linux fixes at 100 for what /proc shows.
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds since the process started; 0 when it is gone.</summary>
    public static double Seconds(int processId)
    {
        string path = $"/proc/{processId}/stat";
        if (!File.Exists(path)) return 0;
        string stat = File.ReadAllText(path);
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
