using System.Globalization;
using System.Text.Json;

namespace VSan.Tests.Bench;

/// <summary>What the disk gives without any network: fio with io_uring and O_DIRECT on the same kind of file.</summary>
internal static class RawFile
{
    /// <summary>Runs fio with the workload's shape.</summary>
    public static LoadResult Run(string path, Workload workload, TimeSpan measured)
    {
        string kind = (workload.Sequential, workload.ReadPercent) switch
        {
            (true, 100) => "read",
            (true, _) => "write",
            (false, 100) => "randread",
            (false, 0) => "randwrite",
            (false, _) => "randrw",
        };
        string output = BenchProcess.Run(
            "fio", "--name=raw", $"--filename={path}", "--ioengine=io_uring", "--direct=1", $"--rw={kind}", $"--rwmixread={workload.ReadPercent}", $"--bs={workload.BlockBytes}",
            $"--iodepth={workload.Depth}", $"--numjobs={workload.Sessions}", "--group_reporting", "--norandommap", "--time_based", "--ramp_time=0.5",
            string.Create(CultureInfo.InvariantCulture, $"--runtime={measured.TotalSeconds}"), "--output-format=json");
        using JsonDocument report = JsonDocument.Parse(output);
        JsonElement job = report.RootElement.GetProperty("jobs")[0];
        JsonElement main = job.GetProperty(workload.ReadPercent >= 50 ? "read" : "write");
        double iops = job.GetProperty("read").GetProperty("iops").GetDouble() + job.GetProperty("write").GetProperty("iops").GetDouble();
        JsonElement percentiles = main.GetProperty("clat_ns").GetProperty("percentile");
        return new LoadResult(
            iops,
            iops * workload.BlockBytes / 1e6,
            percentiles.GetProperty("50.000000").GetDouble() / 1000,
            percentiles.GetProperty("99.000000").GetDouble() / 1000,
            (job.GetProperty("usr_cpu").GetDouble() + job.GetProperty("sys_cpu").GetDouble()) * workload.Sessions,
            job.GetProperty("error").GetInt64());
    }
}
