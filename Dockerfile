# Eridanus for one platform, that of the machine that builds: mvn -Pdist package -DskipTests, then docker build.
# The root file system may be read-only: state, and the native libraries that are unpacked at the start, are in the one
# volume.
FROM eclipse-temurin:17-jre

RUN mkdir -p /var/lib/eridanus && chown 10001:10001 /var/lib/eridanus

# What changes least comes first: the libraries of others, then what starts and describes, then the classes.
COPY target/dist/lib/ /opt/eridanus/lib/
COPY eridanus LICENSE target/dist/THIRD-PARTY.txt target/dist/bom.json /opt/eridanus/
COPY topics/ /opt/eridanus/topics/
COPY target/dist/eridanus.jar /opt/eridanus/

# The heap is a share of the container's memory, and what else takes memory has a bound of its own, which together fit in
# 768 MB. A larger container gives the heap more.
ENV ERIDANUS_JAVA_OPTS="-XX:MaxRAMPercentage=40 -XX:+UseSerialGC -XX:MaxMetaspaceSize=144m -XX:ReservedCodeCacheSize=64m -XX:MaxDirectMemorySize=48m -XX:-UsePerfData -Dorg.bytedeco.javacpp.maxbytes=128m -Dorg.bytedeco.javacpp.cachedir=/var/lib/eridanus/natives -Djava.io.tmpdir=/var/lib/eridanus" \
    ERIDANUS_HTTP_HOST=0.0.0.0 \
    ERIDANUS_HTTP_PORT=8080 \
    ERIDANUS_STATE_FOLDER=/var/lib/eridanus/state \
    MALLOC_ARENA_MAX=2 \
    ROCKSDB_SHAREDLIB_DIR=/var/lib/eridanus

USER 10001:10001
WORKDIR /var/lib/eridanus
VOLUME /var/lib/eridanus
EXPOSE 8080

# Alive, not ready: a store that is restored for minutes is no reason to start over. Needs no more than bash.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$ERIDANUS_HTTP_PORT && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]

ENTRYPOINT ["/opt/eridanus/eridanus"]
CMD ["run"]
