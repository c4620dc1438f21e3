using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Cli;

/// <summary>Reads server-sent events (WHATWG HTML, 9.2) whose data is a <see cref="PoolEvent"/>.</summary>
internal static class EventStream
{
    /// <summary>Events until the stream ends. Comments and unknown fields are skipped, as the standard says.</summary>
    public static async IAsyncEnumerable<PoolEvent> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var data = new StringBuilder();
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Append(line.AsSpan(5).TrimStart(' ')).Append('\n');
            }
            else if (line.Length == 0 && data.Length > 0)
            {
                string json = data.ToString();
                data.Clear();
                yield return JsonSerializer.Deserialize(json, ApiClient.TypeInfo<PoolEvent>())
                    ?? throw new InvalidDataException("An event without content.");
            }
        }
    }
}
