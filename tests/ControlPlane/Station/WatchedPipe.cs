using System.IO.Pipelines;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>A stream as a pipe that says when its peer has hung up.</summary>
internal sealed class WatchedPipe(Stream stream, TaskCompletionSource ended) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(new Watched(stream, ended));

    public PipeWriter Output { get; } = PipeWriter.Create(stream);
}

file sealed class Watched(Stream inner, TaskCompletionSource ended) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int count = await inner.ReadAsync(buffer, cancellationToken);
            if (count == 0) ended.TrySetResult();
            return count;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            ended.TrySetResult();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
