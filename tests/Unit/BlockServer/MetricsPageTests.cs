using System.Globalization;
using VSan.BlockServer.Metrics;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>The page that Prometheus reads: every family has its help, histograms rise, and no peer can make a label.</summary>
public sealed class MetricsPageTests
{
    [Fact]
    public void Page_AfterReadsAndWrites_CountsThemByVolumeAndInitiator()
    {
        using ServingBench bench = Bench();
        using (RawInitiator initiator = bench.LogIn())
        {
            initiator.Pump(write: true, 64, 8, 4096);
            initiator.Pump(write: false, 32, 8, 4096);
        }

        string volume = $"volume=\"{bench.Wanted.Volumes[0].Id}\"";
        string[] lines = PageOf(bench, text => Value(text, $"vsan_volume_read_bytes_total{{{volume}}}") == 32 * 4096);
        Assert.Equal(64, Value(lines, $"vsan_volume_command_duration_seconds_count{{{volume},operation=\"write\"}}"));
        Assert.Equal(32, Value(lines, $"vsan_initiator_command_duration_seconds_count{{initiator=\"{ServingBench.Initiator}\",operation=\"read\"}}"));
        Assert.Equal(64 * 4096, Value(lines, $"vsan_initiator_written_bytes_total{{initiator=\"{ServingBench.Initiator}\"}}"));
        Assert.Equal(1, Value(lines, "vsan_logins_total{ring=\"0\"}"));
        Assert.Equal(0, Value(lines, "vsan_connection_drops_total{ring=\"0\",reason=\"HeaderDigestError\"}"));
    }

    [Fact]
    public void Page_OfAnyState_HasHelpAndTypeBeforeEachFamily_AndRisingBuckets()
    {
        using ServingBench bench = Bench();
        using RawInitiator initiator = bench.LogIn();
        initiator.Pump(write: false, 64, 8, 4096);
        string[] lines = PageOf(bench, _ => true);
        string family = "";
        double below = 0;
        foreach (string line in lines)
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                continue;
            }

            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
                continue;
            }

            Assert.StartsWith(family, line, StringComparison.Ordinal);
            double value = double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            if (!line.Contains("_bucket{", StringComparison.Ordinal)) continue;
            if (line.Contains("le=\"8.192E-06\"", StringComparison.Ordinal)) below = 0;
            Assert.True(value >= below, line);
            below = value;
        }

        Assert.Contains(lines, line => line.Contains("le=\"+Inf\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_WithInitiatorsThatOnlyTheStarAdmits_NamesNoneOfThem()
    {
        using ServingBench bench = Bench();
        for (int i = 0; i < 5; i++)
        {
            using RawInitiator initiator = RawInitiator.LogIn(bench.Portal, ServingBench.Target, $"iqn.2026-11.org.example:stranger{i}");
            initiator.Pump(write: false, 8, 8, 4096);
        }

        string[] lines = PageOf(bench, text => Value(text, "vsan_initiator_command_duration_seconds_count{initiator=\"*\",operation=\"read\"}") == 40);
        Assert.DoesNotContain(lines, line => line.Contains("stranger", StringComparison.Ordinal));
    }

    [Fact]
    public void Families_OfThePage_AreThoseOfTheManual()
    {
        using ServingBench bench = Bench();
        IEnumerable<string> made = MetricsPage.Make(bench.Look()).Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line["# TYPE ".Length..]);
        IEnumerable<string> told = File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "operations.md"))
            .Where(line => line.StartsWith("| `vsan_", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => $"{cells[1].Trim('`')} {cells[2]}");
        Assert.Equal(made.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Label_WithQuotesAndLineEnds_IsEscaped() => Assert.Equal("a=\"\\\\ \\\" \\n\"", MetricsText.Label("a", "\\ \" \n"));

    private static ServingBench Bench()
    {
        var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        return bench;
    }

    // The answer leaves before its turn is counted, so the last counts may come a moment later.
    private static string[] PageOf(ServingBench bench, Func<string[], bool> isThere)
    {
        string[] lines = [];
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    lines = MetricsPage.Make(bench.Look()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                    return isThere(lines);
                },
                TimeSpan.FromSeconds(20)),
            string.Join('\n', lines));
        return lines;
    }

    private static double Value(string[] lines, string series)
    {
        string? line = lines.SingleOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
