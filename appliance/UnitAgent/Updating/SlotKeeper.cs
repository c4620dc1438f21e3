using System.Text;
using System.Text.Json;
using VSan.Contracts;
using VSan.Images;

namespace VSan.UnitAgent.Updating;

/// <summary>
/// <c>vsan-unit slots</c>: the one process that may write to the boot partition. It is started for each request with the agent's connection as
/// its input and output, believes nothing that the agent says, and ends.
/// </summary>
/// <param name="slots">The boot partition.</param>
/// <param name="signers">Who is believed.</param>
/// <param name="runFolder">Where it leaves word for the system: <c>blessed</c> ends the trial, <c>restart</c> starts the machine again.</param>
internal sealed class SlotKeeper(BootSlots slots, ImageSigners signers, string runFolder)
{
    // Longer than any request.
    private const int LineBytesMax = 1024;

    /// <summary>Serves one request.</summary>
    public void Serve(Stream input, Stream output)
    {
        SlotAnswer answer;
        try
        {
            answer = Do(JsonSerializer.Deserialize(ReadLine(input), SlotJson.Default.SlotRequest) ?? throw new JsonException("The request is null."), input);
        }
        catch (ImageRefusedException refusal)
        {
            answer = new SlotAnswer(refusal.Message, Refused: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            answer = new SlotAnswer(failure.Message);
        }

        byte[] line = JsonSerializer.SerializeToUtf8Bytes(answer, SlotJson.Default.SlotAnswer);
        output.Write(line.AsSpan());
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    private SlotAnswer Do(SlotRequest request, Stream input)
    {
        switch (request.Verb)
        {
            case SlotVerb.Stage:
                slots.Stage(Version(request), request.Digest ?? string.Empty, request.SizeBytes, input, signers);
                break;
            case SlotVerb.Bless:
                slots.Bless();
                File.WriteAllText(Path.Combine(runFolder, "blessed"), string.Empty);
                break;
            case SlotVerb.Discard:
                slots.Discard(Version(request));
                break;
            case SlotVerb.Restart:
                File.WriteAllText(Path.Combine(runFolder, "restart"), string.Empty);
                break;
        }

        return new SlotAnswer(null);
    }

    private static ImageVersion Version(SlotRequest request) =>
        ImageVersion.TryParse(request.Version, out ImageVersion? version) ? version : throw new JsonException($"'{request.Version}' is no version.");

    // Byte by byte: what follows the line is the file's.
    private static string ReadLine(Stream input)
    {
        byte[] line = new byte[LineBytesMax];
        for (int length = 0; length < line.Length; length++)
        {
            int read = input.ReadByte();
            if (read == '\n') return Encoding.UTF8.GetString(line, 0, length);
            if (read < 0) throw new JsonException("The request is cut off.");
            line[length] = (byte)read;
        }

        throw new JsonException("The request is too long.");
    }
}
