using System.CommandLine;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary>The options that limit a volume.</summary>
internal static class LimitOptions
{
    /// <summary>Commands a second.</summary>
    public static readonly Option<long?> Iops = new("--max-iops") { Description = "Most commands a second; without it no limit.", HelpName = "N" };

    /// <summary>Bytes a second.</summary>
    public static readonly Option<long?> Throughput = new("--max-throughput")
    {
        Description = "Most bytes a second, read and written together; without it no limit.",
        HelpName = "100MiB",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out long bytes, out string error)) return bytes;
            result.AddError(error);
            return null;
        },
    };

    /// <summary>Saved up while idle.</summary>
    public static readonly Option<int?> Burst = new("--burst") { Description = "How many seconds' worth an idle volume saves up, 1 to 60. Default 1.", HelpName = "SECONDS" };

    /// <summary>What was given; null for nothing.</summary>
    public static Limits? Read(Invocation invocation) => invocation.Get(Iops) is null && invocation.Get(Throughput) is null
        ? null
        : new Limits(invocation.Get(Iops), invocation.Get(Throughput), invocation.Get(Burst));

    /// <summary>Limits for a person.</summary>
    public static string Text(Limits? limits)
    {
        if (limits is null) return "-";
        string[] parts = [limits.MaxIops is { } iops ? $"{iops} IOPS" : "", limits.MaxBytesPerSecond is { } bytes ? $"{ByteSize.Format(bytes)}/s" : ""];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }
}
