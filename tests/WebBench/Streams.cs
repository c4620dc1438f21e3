using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Tests.EndToEnd.Harness;

namespace VSan.Tests.WebBench;

/// <summary>Many desktops that are left open.</summary>
internal static class Streams
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    /// <summary>Resident memory of the station with so many event streams, each over a connection of its own.</summary>
    public static async Task<Figure> OpenAsync(StationUnderTest station, string session, int count)
    {
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(station.CaFile);
        List<HttpClient> clients = [];
        try
        {
            for (int index = 0; index < count; index++)
            {
                HttpClient client = new(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = PinnedAuthority.Policy(authority) } }) { BaseAddress = station.Address };
                clients.Add(client);
                using HttpRequestMessage request = new(HttpMethod.Get, "/desktop/events") { Headers = { { "Cookie", session } } };
                HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                answer.EnsureSuccessStatusCode();
            }

            await Task.Delay(s_rest);
            return new Figure($"station, resident, with {count} open streams", ResidentMebibytes(station.Process.Id), "MiB", 200);
        }
        finally
        {
            foreach (HttpClient client in clients) client.Dispose();
        }
    }

    private static double ResidentMebibytes(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
