# The graphs of langgraph.json behind LangGraph's own in-memory server: docker build -f deploy/langgraph.Dockerfile -t multimodel-langgraph .
# For production, `npx langgraphjs build` makes an image of LangChain's licensed server from the same langgraph.json.
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts ./scripts
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build
USER node
EXPOSE 2024
CMD ["npx", "--no-install", "langgraphjs", "dev", "--host", "0.0.0.0", "--port", "2024", "--no-browser"]
